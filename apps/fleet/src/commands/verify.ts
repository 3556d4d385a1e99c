import type { Command } from 'commander';
import { Output } from '../output.js';
import type { Report } from '../verify/report.js';
import { verify } from '../verify/verify.js';
import { databaseUrlOf, type FleetOptions, withFleetOptions } from './fleet-options.js';

const SHOWN = 50;

/** `verify`: reconciles every database; exit code 1 names the rows that are wrong. */
export function verifyCommand(program: Command): void {
  withFleetOptions(program.command('verify'))
    .description('reconcile stock, orders and events in every database')
    .action(async (options: FleetOptions) => {
      const output = new Output(options.json);
      const report = await verify(databaseUrlOf(options));
      output.result(report, inWords(report));
      if (!report.ok) process.exitCode = 1;
    });
}

function inWords({ ok, checked, violations }: Report): string {
  const counts = Object.entries(checked).map(([name, count]) => `${count} ${inWord(name)}`);
  const lines = violations
    .slice(0, SHOWN)
    .map(
      ({ invariant, service, table, id, detail }) =>
        `  ${invariant}: ${service}.${table} ${id}: ${detail}`,
    );
  if (violations.length > SHOWN) lines.push(`  and ${violations.length - SHOWN} more`);
  const verdict = ok ? 'All is well' : `${violations.length} violations`;
  return [`${verdict}: ${counts.join(', ')}`, ...lines].join('\n');
}

/** `unpublishedEvents` → `unpublished events`. */
function inWord(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
