import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { testRun } from './test-run.js';

/** The failpoints of the processes that are started with `env`. */
export class Failpoints {
  private readonly directory = testRun.directory('failpoints');
  readonly env = { FLOTILLA_FAILPOINTS: this.directory };

  /** The first process that arrives at the point from now on is sent the signal, and no other. */
  arm(name: string, signal: 'SIGKILL' | 'SIGSTOP' = 'SIGKILL'): void {
    // Renamed, so that nobody reads it half written.
    const draft = join(this.directory, `.${name}`);
    writeFileSync(draft, signal);
    renameSync(draft, join(this.directory, name));
  }

  isArmed(name: string): boolean {
    return existsSync(join(this.directory, name));
  }

  /** Resolves when a process has arrived there. */
  async reached(name: string): Promise<void> {
    await eventually(() => !this.isArmed(name), { timeoutMs: 30_000 });
  }

  disarmAll(): void {
    for (const name of readdirSync(this.directory)) rmSync(join(this.directory, name));
  }
}
