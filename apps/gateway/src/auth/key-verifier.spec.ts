import { expect, test } from '@jest/globals';
import { newUuid, toId } from '@flotilla/contracts/ids';
import { RevocationMemory } from '@flotilla/revocation/revocation-memory';
import type { Revocations } from '@flotilla/revocation/revocations';
import { Metrics } from '@flotilla/runtime/metrics';
import { wellFormedKey } from '../../test/gateway-under-test.js';
import type { FleetClient } from '../clients/fleet-client.js';
import { KeyVerifier } from './key-verifier.js';

const GUESSES = 11_000;

test('a key that is good stays known, and memory small, however many guesses come', async () => {
  let key: object | null = { keyId: toId('key', newUuid()), userId: toId('usr', newUuid()) };
  let lookUps = 0;
  const fleet = { call: () => Promise.resolve({ key: (lookUps += 1) && key }) };
  const revocations = { memory: new RevocationMemory(), areCurrent: () => true };
  const verifier = new KeyVerifier(
    revocations as unknown as Revocations,
    fleet as unknown as FleetClient,
    new Metrics('gateway'),
  );
  const guess = (guessed: string) => verifier.verify(guessed).catch(() => undefined);
  const good = wellFormedKey();
  await verifier.verify(good);
  key = null;

  const first = wellFormedKey();
  await guess(first);
  await guess(first);
  expect(lookUps).toBe(2);
  for (let n = 0; n < GUESSES; n += 1) await guess(wellFormedKey());
  await guess(first); // forgotten for those after it
  expect(lookUps).toBe(2 + GUESSES + 1);
  await verifier.verify(good);
  expect(lookUps).toBe(2 + GUESSES + 1);
});
