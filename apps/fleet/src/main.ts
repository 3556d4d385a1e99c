import { Command, CommanderError } from 'commander';
import { adminCommand } from './commands/admin.js';
import { benchCommand } from './commands/bench.js';
import { deadLettersCommand } from './commands/dead-letters.js';
import { importCommand } from './commands/import.js';
import { keysCommand } from './commands/keys.js';
import { migrateCommand } from './commands/migrate.js';
import { rebuildCommand } from './commands/rebuild.js';
import { replayCommand } from './commands/replay.js';
import { startCommand } from './commands/start.js';
import { verifyCommand } from './commands/verify.js';
import { UsageError } from './output.js';

const program = new Command('fleet')
  .description('Runs and examines a fleet of Flotilla services.')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });

for (const add of [
  startCommand,
  migrateCommand,
  importCommand,
  replayCommand,
  verifyCommand,
  rebuildCommand,
  deadLettersCommand,
  benchCommand,
  adminCommand,
  keysCommand,
])
  add(program);

// `| head` has gone when it has read enough. That is no reason to leave half done what was begun, or running what was started.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/** 0 well, 1 found something wrong, 2 wrong use. */
async function main(): Promise<number> {
  try {
    await program.parseAsync();
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has said already what it does not understand.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    process.stderr.write(`fleet: ${describe(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** A connection that failed on every address of a host says why in its parts only. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  return error instanceof Error ? error.message : String(error);
}

process.exit(await main());
