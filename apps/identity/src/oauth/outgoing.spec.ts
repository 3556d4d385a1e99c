import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { outgoing } from './outgoing.js';

let inside: Server;
let address: string;
beforeAll(async () => {
  inside = createServer((_, response) => response.end('secret'));
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(inside.address() as AddressInfo).port}/`;
});
afterAll(() => {
  inside.closeAllConnections();
  inside.close();
});

it('nothing goes out that nobody keeps from private networks', async () => {
  await expect(outgoing({ allowPrivateTargets: false })(address)).rejects.toThrow(
    'private networks',
  );
});

it('private networks are reached where that is allowed', async () => {
  const answer = await outgoing({ allowPrivateTargets: true })(address);
  expect(await answer.text()).toBe('secret');
});
