import { expect, it } from '@jest/globals';
import { occupy } from './crash.fixture.js';
import { freePort, isPortFree } from './ports.js';

it('offers a port that can be listened on, and knows one that cannot', async () => {
  const port = await freePort();
  expect(await isPortFree(port)).toBe(true);
  const release = await occupy(port);
  expect(await isPortFree(port)).toBe(false);
  await release();
});
