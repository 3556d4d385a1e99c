import { CountStreams, RebuildReadModel } from '@flotilla/contracts/orders-read-model';
import { Argument, type Command } from 'commander';
import { Operator } from '../operator.js';
import { Output } from '../output.js';
import { progressBar } from '../progress-bar.js';
import { type FleetOptions, natsUrlOf, withFleetOptions } from './fleet-options.js';

/** What `rebuild --json` says. */
interface Rebuilt {
  /** Streams that were folded: orders, and ids that were voided. */
  rebuilt: number;
  seconds: number;
}

/** `rebuild orders`: makes the read model of orders anew from their events, while the fleet goes on. */
export function rebuildCommand(program: Command): void {
  withFleetOptions(program.command('rebuild'))
    .description('make a read model anew from its events, while the fleet goes on')
    .addArgument(new Argument('<service>', 'whose read model').choices(['orders']))
    .action(async (_service: string, options: FleetOptions) => {
      const output = new Output(options.json);
      const operator = await Operator.connect(natsUrlOf(options));
      try {
        const result = await rebuildOrders(operator);
        output.result(result, `${result.rebuilt} orders rebuilt in ${result.seconds} s`);
      } finally {
        await operator.close();
      }
    });
}

async function rebuildOrders(operator: Operator): Promise<Rebuilt> {
  const started = performance.now();
  const { count } = await operator.call(CountStreams, {});
  const bar = progressBar(count, 'orders');
  let rebuilt = 0;
  try {
    for (let after: string | null | undefined; after !== null;) {
      const page = await operator.call(RebuildReadModel, after === undefined ? {} : { after });
      rebuilt += page.orders;
      bar.advance(page.orders);
      after = page.next;
    }
  } finally {
    bar.stop();
  }
  return { rebuilt, seconds: Number(((performance.now() - started) / 1000).toFixed(3)) };
}
