import { randomUUID } from 'node:crypto';
import { LEASE_MS } from '@flotilla/contracts/revocation';
import { eventually } from '@flotilla/testing/eventually';
import { testNats, type TestNats } from '@flotilla/testing/nats';
import { testDatabase, type TestDatabase } from '@flotilla/testing/postgres';
import { tcpProxy, type TcpProxy } from '@flotilla/testing/tcp-proxy';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Gateway,
  type Issuer,
  MIGRATIONS,
  startGateway,
  startIssuer,
} from '../test/parties.js';

let database: TestDatabase;
let nats: TestNats;
let proxy: TcpProxy;
let issuers: Issuer[];
const gateways: Gateway[] = [];

beforeAll(async () => {
  [database, nats] = await Promise.all([testDatabase(MIGRATIONS), testNats()]);
  proxy = await tcpProxy(nats.url);
  issuers = await Promise.all([1, 2].map(() => startIssuer(database, nats.url)));
});
afterEach(async () => {
  proxy.heal();
  await Promise.all(gateways.splice(0).map((gateway) => gateway.close()));
  // Else the next test would wait for gateways that were alive in this one.
  await database.pool().query('DELETE FROM revocation_gateways');
});
afterAll(async () => {
  await Promise.all(issuers.map((issuer) => issuer.close()));
  await proxy.close();
  await nats.stop();
  await database.drop();
});

async function gateway(url = nats.url): Promise<Gateway> {
  const started = await startGateway(url);
  gateways.push(started);
  await eventually(() => started.isCurrent());
  return started;
}

const token = (id = randomUUID()) => ({ kind: 'token' as const, id });

async function sequences(): Promise<number[]> {
  const { rows } = await database
    .pool()
    .query<{ sequence: string }>('SELECT sequence FROM revocations ORDER BY sequence');
  return rows.map(({ sequence }) => Number(sequence));
}

describe('the feed', () => {
  it('is numbered 1…n without a gap, whoever appends at once and whatever is rolled back', async () => {
    const appends = Array.from({ length: 60 }, async (_, index) => {
      const issuer = issuers[index % 2]!;
      if (index % 3 > 0) return issuer.revoke(token(), token());
      await issuer.database
        .transaction(async (tx) => {
          await issuer.feed.append(tx, [token()]);
          throw new Error('changed my mind');
        })
        .catch(() => undefined);
    });
    await Promise.allSettled(appends);
    const numbers = await sequences();
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });
});

describe('a receipt', () => {
  it('comes from every gateway, by whichever replica it was revoked, and none accepts from then on', async () => {
    const three = await Promise.all([gateway(), gateway(), gateway()]);
    for (let round = 0; round < 20; round += 1) {
      const revoked = token();
      await eventually(() => three.every((one) => one.accepts(revoked.id)));
      const issuer = issuers[round % 2]!;
      await issuer.revoke(revoked);
      const receipt = await issuer.feed.receipt();
      expect(three.map((one) => one.accepts(revoked.id))).toEqual([false, false, false]);
      expect(receipt.effectiveOn).toBe('3/3');
    }
  });

  it('does not wait for the end of a lease when every gateway answers', async () => {
    await Promise.all([gateway(), gateway()]);
    // On a busy machine not every time; one that waits for the end never comes before it.
    await eventually(async () => {
      await issuers[0]!.revoke(token());
      const { milliseconds } = await issuers[0]!.feed.receipt();
      expect(milliseconds).toBeLessThan(LEASE_MS / 2);
    });
  });

  it('waits for a gateway that is cut off until that one accepts nothing any more', async () => {
    const near = await gateway();
    const far = await gateway(proxy.url);
    const revoked = token();
    proxy.cut();
    await issuers[0]!.revoke(revoked);
    const receipt = await issuers[0]!.feed.receipt();
    expect(far.accepts(revoked.id)).toBe(false);
    expect(far.accepts('another')).toBe(false);
    expect(near.accepts(revoked.id)).toBe(false);
    await eventually(() => near.accepts('another'));
    expect(receipt.effectiveOn).toBe('2/2');
    expect(receipt.milliseconds).toBeGreaterThanOrEqual(LEASE_MS);

    proxy.heal();
    await eventually(() => far.accepts('another'));
    expect(far.accepts(revoked.id)).toBe(false);
  });

  it('counts a gateway that has only just started', async () => {
    await gateway();
    await gateway();
    await issuers[1]!.revoke(token());
    expect((await issuers[1]!.feed.receipt()).effectiveOn).toBe('2/2');
  });

  it('does not count one that has been gone for long', async () => {
    await database
      .pool()
      .query(
        `INSERT INTO revocation_gateways VALUES (gen_random_uuid(), now() - interval '6 seconds')`,
      );
    await gateway();
    await issuers[0]!.revoke(token());
    expect((await issuers[0]!.feed.receipt()).effectiveOn).toBe('1/1');
  });
});

describe('a gateway', () => {
  it('learns within its lease what it was never told', async () => {
    const one = await gateway();
    const revoked = token();
    // As a replica would that dies between its commit and telling anybody.
    await database.pool().query(
      `WITH numbered AS (UPDATE revocation_sequence SET newest = newest + 1 RETURNING newest)
       INSERT INTO revocations SELECT newest, $1::jsonb, now() FROM numbered`,
      [JSON.stringify(revoked)],
    );
    const committed = performance.now();
    await eventually(() => performance.now() - committed >= LEASE_MS);
    expect(one.accepts(revoked.id)).toBe(false);
    await eventually(() => one.revocations.memory.isRevoked('token', revoked.id));
  });

  it('that starts knows what was revoked before', async () => {
    const revoked = Array.from({ length: 1_500 }, () => token());
    await issuers[0]!.revoke(...revoked);
    const late = await gateway();
    expect(revoked.filter(({ id }) => late.accepts(id))).toEqual([]);
    await eventually(() => late.accepts('another'));
  });

  it('accepts nothing without a broker, and nothing revoked once it is back and has forgotten everything', async () => {
    const one = await gateway();
    await nats.kill();
    await eventually(() => !one.isCurrent());
    await expect(one.revocations.renew(['issuer'])).rejects.toMatchObject({ code: 'unavailable' });
    const revoked = token();
    await issuers[0]!.revoke(revoked);
    expect(await issuers[0]!.feed.receipt()).toMatchObject({ effectiveOn: '1/1' });
    await nats.restart({ wipe: true });
    await eventually(() => one.isCurrent());
    expect(one.accepts(revoked.id)).toBe(false);
    await eventually(() => one.accepts('another'));
  });

  it('gets its lease as soon as somebody needs it', async () => {
    const one = await gateway(proxy.url);
    proxy.cut();
    await eventually(() => !one.isCurrent());
    proxy.heal();
    await one.revocations.renew(['issuer']);
    expect(one.isCurrent()).toBe(true);
  });

  it('trusts nothing it knew when the database was put back to an earlier state', async () => {
    const one = await gateway();
    await issuers[0]!.revoke(token());
    await issuers[0]!.feed.receipt();
    const { mark } = one.revocations.memory;
    await database.pool().query('DELETE FROM revocations');
    await database.pool().query('UPDATE revocation_sequence SET newest = 0');
    await eventually(() => one.revocations.memory.changedSince(mark, 'api-key', 'key_any'));
    await eventually(() => one.isCurrent());
  });
});
