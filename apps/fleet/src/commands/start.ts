import type { Command } from 'commander';
import { Output, UsageError } from '../output.js';
import { parseReplicas } from '../start/replicas.js';
import { startFleet } from '../start/start-fleet.js';
import { type FleetOptions, wholeNumber, withFleetOptions } from './fleet-options.js';

interface StartOptions extends FleetOptions {
  port: number;
  replicas: string;
  demo: boolean;
  singleProcess: boolean;
}

/** `start`: runs a whole fleet until Ctrl-C or SIGTERM. */
export function startCommand(program: Command): void {
  withFleetOptions(program.command('start'), { url: false })
    .description('run the whole fleet here until Ctrl-C')
    .option(
      '--port <n>',
      'port of the gateway, or the next free one; 0 for any',
      wholeNumber(0, 65_535),
      3000,
    )
    .option('--replicas <list>', 'how many of which: orders=3,inventory=3,gateway=2', '')
    .option('--no-demo', 'start without the demo catalogue and its order')
    .option('--single-process', 'all services in one process, for small machines', false)
    .action(async (options: StartOptions) => {
      const replicas = parseReplicas(options.replicas);
      if (options.singleProcess && options.replicas) {
        throw new UsageError('--single-process has one of each; it takes no --replicas');
      }
      await startFleet({ ...options, replicas }, new Output(options.json));
    });
}
