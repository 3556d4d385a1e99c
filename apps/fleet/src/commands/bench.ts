import { Argument, type Command } from 'commander';
import { bench, type BenchPlan, type Benched } from '../bench/bench.js';
import { MODES, modeNamed, rowsOf } from '../bench/modes.js';
import { OwnFleet } from '../bench/own-fleet.js';
import { inWords } from '../bench/report.js';
import type { MeasuredFleet } from '../bench/target.js';
import { FleetDirectory } from '../fleet-directory.js';
import { Output, UsageError } from '../output.js';
import { onStopSignal } from '../start/stop-signal.js';
import {
  databaseUrlOf,
  type FleetOptions,
  gatewayOf,
  natsUrlOf,
  wholeNumber,
  withFleetOptions,
} from './fleet-options.js';

interface BenchOptions extends FleetOptions {
  seconds: number;
  warmUp: number;
  concurrency: number[];
  rounds: number;
  products: number;
}

/** The most that all measurements of a run may take together. */
const MOST_SECONDS = 3_600;
const SHOWN_VIOLATIONS = 50;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** `bench`: measures a fleet; exit code 1 when anything was oversold, lost or doubled, or `verify` finds something. */
export function benchCommand(program: Command): void {
  withFleetOptions(program.command('bench'))
    .description(
      'measure a fleet of its own in a temporary directory, or the one that --data or --url names',
    )
    .addArgument(
      new Argument('[mode...]', 'what to measure, all when none is named').choices(
        MODES.map(({ name }) => name),
      ),
    )
    .option('--seconds <n>', 'for each measurement', wholeNumber(1, 300), 5)
    .option('--warm-up <n>', 'uncounted seconds of each mode before', wholeNumber(1, 300), 20)
    .option('--concurrency <list>', 'clients that ask at once', concurrencies, [1, 8, 16])
    .option('--rounds <n>', 'figures are medians over these', wholeNumber(1, 99), 3)
    .option('--products <n>', 'that orders are spread over', wholeNumber(20, 10_000), 1_000)
    .addHelpText('after', () => `\nModes:\n${MODES.map(inHelp).join('\n')}\n`)
    .action(async (names: string[], options: BenchOptions, command: Command) => {
      const output = new Output(options.json);
      const plan = planOf(names, options);
      const isNamed =
        options.url !== undefined || command.getOptionValueSource('data') !== 'default';
      const lasting = isNamed ? lastingFleet(options) : undefined;
      const { report, violations } = await measured(lasting, plan, output);
      output.result(report, inWords(report));
      for (const { invariant, service, table, id, detail } of violations.slice(
        0,
        SHOWN_VIOLATIONS,
      )) {
        output.warn(`${invariant}: ${service}.${table} ${id}: ${detail}`);
      }
      const { oversold, lost, doubled } = report;
      if (oversold + lost + doubled + violations.length > 0) process.exitCode = 1;
    });
}

function planOf(names: readonly string[], options: BenchOptions): BenchPlan {
  const { seconds, warmUp: warmUpSeconds, concurrency, rounds, products } = options;
  const modes = names.length === 0 ? MODES : [...new Set(names)].map((name) => modeNamed(name)!);
  const rows = modes.reduce((sum, mode) => sum + rowsOf(mode, concurrency).length, 0);
  if (rows * rounds * seconds > MOST_SECONDS) {
    throw new UsageError(
      `${rows * rounds} measurements of ${seconds} s are more than an hour; measure less`,
    );
  }
  const cacheDir = new FleetDirectory(options.data).file('bin');
  return { modes, seconds, warmUpSeconds, concurrency, rounds, products, cacheDir };
}

/** Measures the fleet, or one that is started for it and gone afterwards, also when somebody interrupts. */
async function measured(
  lasting: MeasuredFleet | undefined,
  plan: BenchPlan,
  output: Output,
): Promise<Benched> {
  const signal = onStopSignal(() => process.exit(1));
  if (lasting) return bench(lasting, plan, output, signal);
  output.step('starting a fleet');
  const own = await OwnFleet.start(signal);
  try {
    return await bench({ ...own.file, isLasting: false }, plan, output, signal);
  } finally {
    await own.stop();
  }
}

/** @throws UsageError when none runs there, or it is on another machine */
function lastingFleet(options: FleetOptions): MeasuredFleet {
  if (options.url !== undefined) refuseElsewhere(options.url);
  const { url, apiKey } = gatewayOf(options);
  const [databaseUrl, natsUrl] = [databaseUrlOf(options), natsUrlOf(options)];
  for (const address of [url, databaseUrl, natsUrl]) refuseElsewhere(address);
  const known = options.url === undefined ? new FleetDirectory(options.data).fleet() : undefined;
  const redisUrl = known?.redisUrl ?? process.env.REDIS_URL ?? null;
  const processes = known?.processes ?? [];
  return { url, apiKey, databaseUrl, natsUrl, redisUrl, processes, isLasting: true };
}

/** Nobody's shop is to be flooded by mistake, and a network would be measured with it. */
function refuseElsewhere(address: string): void {
  if (!URL.canParse(address)) throw new UsageError(`${address} is not a URL`);
  const { hostname } = new URL(address);
  if (LOOPBACK.test(hostname)) return;
  throw new UsageError(`${hostname} is not this machine: a fleet is measured where it runs`);
}

function concurrencies(text: string): number[] {
  const parse = wholeNumber(1, 256);
  return [...new Set(text.split(',').map((part) => parse(part.trim())))];
}

function inHelp({ name, summary }: { name: string; summary: string }): string {
  return `  ${name.padEnd(11)}${summary}`;
}
