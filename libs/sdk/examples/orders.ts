import { answer, each, ProblemError } from '@flotilla/sdk/answers';
import { flotilla } from '@flotilla/sdk/client';

const { FLOTILLA_URL = 'http://localhost:3000', FLOTILLA_API_KEY = '' } = process.env;
const shop = flotilla({ url: FLOTILLA_URL, apiKey: FLOTILLA_API_KEY });

const price = { amount: 1250, currency: 'EUR' };
const mug = { sku: `MUG-${Date.now()}`, name: 'Mug', price, initialStock: 3 };
await answer(shop.POST('/products', { body: mug }));

/** An order is placed once for a cart, however often this runs, on whatever machine. */
const place = (cart: string, quantity: number) =>
  answer(
    shop.POST('/orders', {
      params: { header: { 'Idempotency-Key': cart } },
      body: { items: [{ sku: mug.sku, quantity }] },
    }),
  );

const order = await place(`${mug.sku}-1`, 2);
const again = await place(`${mug.sku}-1`, 2);
console.log(`${order.number}: ${order.total.amount / 100} ${order.total.currency}`);
console.log(again.id === order.id ? 'placed once' : 'placed twice');

try {
  await place(`${mug.sku}-2`, 2);
} catch (error) {
  if (!(error instanceof ProblemError) || error.code !== 'insufficient-stock') throw error;
  console.log('sold out');
}

for await (const { id, status } of each((cursor) =>
  shop.GET('/orders', { params: { query: { status: 'confirmed', cursor } } }),
)) {
  if (id === order.id) console.log(`it is ${status}`);
}
