import { beforeAll, expect, it } from '@jest/globals';
import { eventually } from '@flotilla/testing/eventually';
import { type RunningFleet, sharedFleet } from '@flotilla/testing/fleet';
import { command, placeOrder, rows, settled, stockUp, verify } from './actions.js';

interface Listed {
  data: { service: string; event: { type: string; subject: string }; reason: string }[];
}

let fleet: RunningFleet;

beforeAll(async () => {
  fleet = await sharedFleet();
  await stockUp(fleet, { SHIRT: 10 });
}, 150_000);

const letters = async () =>
  (await command<Listed>('dead-letters', 'list', 'notifications', '--data', fleet.directory))
    .document.data;
const replay = () => command('dead-letters', 'replay', '--data', fleet.directory);

it('an event that a service cannot apply is shown, and applied once what kept it from that is mended', async () => {
  await rows(
    fleet,
    'notifications',
    `ALTER TABLE feed ADD CONSTRAINT broken CHECK (envelope->>'type' <> 'order.cancelled') NOT VALID`,
  );
  const { id } = (await placeOrder(fleet.client, 'dead', [{ sku: 'SHIRT', quantity: 1 }])).body;
  await fleet.client.post(`/api/v1/orders/${id}/cancel`, {});

  await eventually(async () => (await letters()).length === 1, { timeoutMs: 60_000 });
  expect(await letters()).toEqual([
    expect.objectContaining({
      service: 'notifications',
      event: expect.objectContaining({ type: 'order.cancelled', subject: id }),
      reason: expect.stringContaining('broken'),
    }),
  ]);
  expect(await replay()).toMatchObject({
    code: 1,
    document: { replayed: 0, failed: 1, remaining: 0 },
  });

  await rows(fleet, 'notifications', 'ALTER TABLE feed DROP CONSTRAINT broken');
  expect(await replay()).toMatchObject({
    code: 0,
    document: { replayed: 1, failed: 0, remaining: 0 },
  });
  expect(await letters()).toEqual([]);
  await settled(fleet);
  expect((await verify(fleet)).document.violations).toEqual([]);
});
