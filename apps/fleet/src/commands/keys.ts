import { RotateSigningKeys } from '@flotilla/contracts/signing-keys';
import type { Command } from 'commander';
import { Operator } from '../operator.js';
import { Output } from '../output.js';
import { type FleetOptions, natsUrlOf, withFleetOptions } from './fleet-options.js';

/** `keys rotate`: publishes another key for signing tokens, which signs once everybody can know it. */
export function keysCommand(program: Command): void {
  const keys = program.command('keys').description('the keys that identity signs tokens with');
  withFleetOptions(keys.command('rotate'))
    .description('publish a new signing key; it signs a little later, and the old one verifies on')
    .action(async (options: FleetOptions) => {
      const output = new Output(options.json);
      const operator = await Operator.connect(natsUrlOf(options));
      try {
        const rotated = await operator.call(RotateSigningKeys, {});
        output.result(
          rotated,
          `${rotated.kid} is published and signs from ${rotated.signsFrom} on`,
        );
      } finally {
        await operator.close();
      }
    });
}
