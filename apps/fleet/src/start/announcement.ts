import { existsSync } from 'node:fs';
import type { FleetFile } from '../fleet-directory.js';
import { DEMO_SKU } from './demo-catalogue.js';

/** What to print when a fleet is ready: where it is, how to get in, and something to paste. */
export function readyLines(fleet: FleetFile, hasDemo: boolean): string {
  const example = hasDemo
    ? `curl -sS ${fleet.url}/api/orders -H 'X-API-Key: ${fleet.apiKey}' ` +
      `-H 'Content-Type: application/json' -H 'Idempotency-Key: first-try' ` +
      `-d '{"items":[{"sku":"${DEMO_SKU}","quantity":2}]}'`
    : `curl -sS ${fleet.url}/api/orders -H 'X-API-Key: ${fleet.apiKey}'`;
  return [
    '',
    `Flotilla is ready at ${fleet.gateways.join(', ')}`,
    `API key with every permission: ${fleet.apiKey}`,
    '',
    hasDemo ? 'Place an order:' : 'List orders:',
    `  ${example}`,
    '',
    ...documentation(),
    'Stop it with Ctrl-C.',
  ].join('\n');
}

/** In the clone; an image has none. */
function documentation(): string[] {
  const path = 'docs/api.md';
  const isThere = existsSync(new URL(`../../../../${path}`, import.meta.url));
  return isThere ? [`Documentation: ${path}`] : [];
}
