import { createHash } from 'node:crypto';
import { AuthenticateKey } from '@flotilla/contracts/api-keys';
import { ensureAdministrator, makeKey } from '../administrators.js';
import type { FleetDirectory, Secrets } from '../fleet-directory.js';
import { type GatewayClient, GatewayRefusal } from '../gateway-client.js';
import { Operator } from '../operator.js';
import { DEMO_CATALOGUE, DEMO_SKU } from './demo-catalogue.js';

/** The administrator's account, and an API key with every permission: the one of earlier starts while it works. */
export async function seedAdministrator(
  directory: FleetDirectory,
  natsUrl: string,
): Promise<{ admin: Secrets['admin']; apiKey: string }> {
  const secrets = directory.secrets();
  const operator = await Operator.connect(natsUrl);
  try {
    const account = await ensureAdministrator(operator, secrets.admin);
    if (!secrets.apiKey || !(await isUsable(operator, secrets.apiKey))) {
      secrets.apiKey = await makeKey(operator, account);
      directory.saveSecrets(secrets);
    }
    return { admin: secrets.admin, apiKey: secrets.apiKey };
  } finally {
    await operator.close();
  }
}

async function isUsable(operator: Operator, key: string): Promise<boolean> {
  const hash = createHash('sha256').update(key).digest('hex');
  return (await operator.call(AuthenticateKey, { hash })).key !== null;
}

/** A small catalogue, imported once, and one order of it as a proof that everything works; in words. */
export async function seedDemo(gateway: GatewayClient): Promise<string> {
  const { status } = await gateway.request(`/api/products/${DEMO_SKU}`);
  if (status === 404) await gateway.importCatalogue(DEMO_CATALOGUE, 'text/csv');
  // Always the same key: later starts get the first order again.
  const order = await gateway.placeOrder('flotilla-demo', [{ sku: DEMO_SKU, quantity: 1 }]);
  if (order.status !== 201) throw new GatewayRefusal(order.status, 'The demo order', order.body);
  const { number, total } = order.body;
  const amount = (total.amount / 100).toFixed(2);
  return `order ${number} over ${amount} ${total.currency} is ${order.body.status}`;
}
