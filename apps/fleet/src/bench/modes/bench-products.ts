import type { Target } from '../target.js';

const ARCHIVED_AT_ONCE = 16;

/** Adds products of 19.99 EUR. @throws Error when some could not be made */
export async function makeProducts(
  { gateway }: Target,
  products: readonly { sku: string; name: string; onHand: number }[],
): Promise<void> {
  const lines = products.map(({ sku, name, onHand }) => `${sku},${name},1999,EUR,${onHand}`);
  const catalogue = ['sku,name,price_amount,price_currency,on_hand', ...lines].join('\n');
  const { rejected } = await gateway.importCatalogue(catalogue, 'text/csv');
  if (rejected > 0) throw new Error(`${rejected} products could not be made`);
}

/** Nobody is to find or buy what was there to be measured, where somebody might. */
export async function archiveProducts(
  { fleet, gateway }: Target,
  skus: IterableIterator<string>,
): Promise<void> {
  if (!fleet.isLasting) return;
  const worker = async () => {
    for (const sku of skus) await gateway.request(`/api/products/${sku}`, { method: 'DELETE' });
  };
  await Promise.all(Array.from({ length: ARCHIVED_AT_ONCE }, worker));
}
