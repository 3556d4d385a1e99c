import { Presets, SingleBar } from 'cli-progress';

/** Shows how far long work has come; silent where nobody watches. */
export interface ProgressBar {
  advance(by?: number): void;
  stop(): void;
}

const SILENT: ProgressBar = { advance: () => undefined, stop: () => undefined };

/** A bar on stderr when that is a terminal. `unit` is what is counted: `orders`. */
export function progressBar(total: number, unit: string): ProgressBar {
  if (!process.stderr.isTTY) return SILENT;
  const bar = new SingleBar(
    { format: `{bar} {percentage} % · {value}/{total} ${unit} · {eta_formatted} left` },
    Presets.shades_classic,
  );
  bar.start(total, 0);
  return { advance: (by = 1) => bar.increment(by), stop: () => bar.stop() };
}
