import type { Command } from 'commander';
import { importFile } from '../catalogue.js';
import { Output } from '../output.js';
import { type FleetOptions, gatewayOf, withFleetOptions } from './fleet-options.js';

const SHOWN_ERRORS = 20;

/** `import`: a catalogue with stock figures, from a file; exit code 1 when a line was not taken. */
export function importCommand(program: Command): void {
  withFleetOptions(program.command('import'))
    .description('import a catalogue (.csv, .ndjson) through the gateway')
    .argument('<file>', 'sku,name,price_amount,price_currency,on_hand')
    .action(async (file: string, options: FleetOptions) => {
      const output = new Output(options.json);
      const result = await importFile(gatewayOf(options), file);
      const lines = result.errors
        .slice(0, SHOWN_ERRORS)
        .map(({ line, code, detail }) => `  line ${line}: ${code}: ${detail}`);
      output.result(
        result,
        [`${result.accepted} products imported, ${result.rejected} lines not taken`, ...lines].join(
          '\n',
        ),
      );
      if (result.rejected > 0) process.exitCode = 1;
    });
}
