import type { ApiKeyView, CreatedApiKey, RevokedApiKey } from '@flotilla/contracts/api-keys';
import { bootstrap as startGateway } from '@flotilla/gateway/bootstrap';
import { eventually } from '@flotilla/testing/eventually';
import { testFleet, type TestFleet } from '@flotilla/testing/fleet';
import { HttpClient } from '@flotilla/testing/http-client';
import { testService } from '@flotilla/testing/service';
import { tcpProxy } from '@flotilla/testing/tcp-proxy';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verify } from '../actions.js';
import { Balancer } from '../balancer.js';

const AT_ONCE = 5;

/** As it is shown once. */
type ShownKey = CreatedApiKey & { key: string };

let fleet: TestFleet;
let gateways: HttpClient[];

beforeAll(async () => {
  fleet = await testFleet({
    args: ['--replicas', 'gateway=3,api-keys=2'],
    env: { DRAIN_NOTICE_MS: '1000' },
  });
  gateways = fleet.file().gateways.map((url) => new HttpClient(url));
}, 150_000);
afterAll(() => fleet?.stop());

async function create(over: object = {}): Promise<ShownKey> {
  const rateLimit = { limit: 1_000_000, windowSeconds: 60 };
  const body = { name: 'till', mode: 'live', permissions: ['orders:read'], rateLimit, ...over };
  const answer = await fleet.client.post<ShownKey>('/api/api-keys', body);
  expect(answer.status).toBe(201);
  return answer.body;
}

const call = async (gateway: HttpClient, key: string): Promise<number> =>
  (await gateway.get('/api/orders?limit=1', { 'x-api-key': key })).status;

/** The answers to so many calls at each gateway, five at a time. */
async function callAll(key: string, perGateway: number): Promise<Map<number, number>> {
  const answers = new Map<number, number>();
  const callers = gateways.flatMap((gateway) => Array.from({ length: AT_ONCE }, () => gateway));
  await Promise.all(
    callers.map(async (gateway) => {
      for (let round = 0; round < perGateway / AT_ONCE; round += 1) {
        const status = await call(gateway, key);
        answers.set(status, (answers.get(status) ?? 0) + 1);
      }
    }),
  );
  return answers;
}

/** On a busy machine some calls find no time, or no lease: that is no refusal, and no acceptance either. */
const LATE = [503, 504];

async function works(key: string): Promise<void> {
  const statuses = [...(await callAll(key, 25)).keys()];
  expect(statuses.filter((status) => !LATE.includes(status))).toEqual([200]);
}

async function isRefused(key: string, perGateway: number): Promise<void> {
  const statuses = [...(await callAll(key, perGateway)).keys()];
  expect(statuses.filter((status) => !LATE.includes(status))).toEqual([401]);
}

async function revoke(id: string): Promise<RevokedApiKey> {
  return (await fleet.client.request<RevokedApiKey>('DELETE', `/api/api-keys/${id}`)).body;
}

async function rotate(id: string, overlapSeconds: number): Promise<ShownKey> {
  const path = `/api/api-keys/${id}/rotate`;
  const answer = await fleet.client.post<ShownKey>(path, { overlapSeconds });
  expect(answer.status).toBe(201);
  return answer.body;
}

describe('over three gateways', () => {
  let rotated: { old: ShownKey; renewed: ShownKey };

  it('a revoked key is refused by all of them from the answer on', async () => {
    const { id, key } = await create();
    await works(key);
    const receipt = await revoke(id);
    await isRefused(key, 1_000);
    expect(receipt).toMatchObject({ id, effectiveOn: '3/3' });
  });

  it('a key that is rotated without an overlap is refused by all of them from the answer on', async () => {
    const old = await create();
    await works(old.key);
    const renewed = await rotate(old.id, 0);
    await isRefused(old.key, 1_000);
    await works(renewed.key);
  }, 120_000);

  it('a key that is rotated with an overlap of 60 s works on beside the new one, which works at once', async () => {
    const old = await create();
    rotated = { old, renewed: await rotate(old.id, 60) };
    await works(rotated.renewed.key);
    await works(old.key);
  });

  it('one more that is cut off from the broker accepts nothing half a second later, whatever was revoked meanwhile', async () => {
    const broker = await tcpProxy(fleet.file().natsUrl);
    const env = { METRICS_PORT: '0', RATE_LIMIT_FAILED_AUTHENTICATION: '100000/60' };
    const service = await testService(startGateway, { nats: broker, env });
    const cutOff = new HttpClient(`http://127.0.0.1:${service.port}`);
    const [revoked, other] = [await create(), await create()];
    for (const { key } of [revoked, other]) {
      await eventually(async () => (await call(cutOff, key)) === 200);
    }
    broker.cut();
    const since = performance.now();
    const accepted: number[] = [];
    let answeredAt: number | undefined;
    const receipt = revoke(revoked.id).finally(() => (answeredAt = performance.now()));
    while (performance.now() < Math.max(since + 3_000, (answeredAt ?? Infinity) + 1_000)) {
      for (const { key } of [revoked, other]) {
        const begunAt = performance.now();
        const status = await call(cutOff, key);
        // Let in, though nobody behind it can be asked any more.
        if (![200, 504].includes(status)) continue;
        accepted.push(begunAt - since);
        if (key === revoked.key) expect(begunAt).toBeLessThan(answeredAt ?? Infinity);
      }
    }
    expect(accepted.filter((ms) => ms >= 500)).toEqual([]);
    expect((await receipt).effectiveOn).toBe('4/4');
    broker.heal();
    await eventually(async () => (await call(cutOff, other.key)) === 200, { timeoutMs: 60_000 });
    expect(await call(cutOff, revoked.key)).toBe(401);
    await service.close();
    await broker.close();
  }, 120_000);

  it('one that is told to stop under load fails no request, and every call is counted', async () => {
    const { id, key } = await create();
    const leaving = fleet.file().processes.findLast(({ service }) => service === 'gateway')!;
    const isBack = () => fleet.file().processes.every(({ pid }) => pid !== leaving.pid);
    const balancer = new Balancer(gateways);
    const answers = new Map<number, number>();
    let isOver = false;
    const workers = Array.from({ length: 8 }, async () => {
      while (!isOver) {
        const status = await call(balancer.next(), key);
        answers.set(status, (answers.get(status) ?? 0) + 1);
      }
    });
    await eventually(() => (answers.get(200) ?? 0) > 100);
    process.kill(leaving.pid, 'SIGTERM');
    await eventually(isBack, { timeoutMs: 60_000 });
    await eventually(() => balancer.served.every((times) => times > 10), { timeoutMs: 60_000 });
    isOver = true;
    await Promise.all(workers);
    await balancer.close();
    expect([...answers.keys()].filter((status) => !LATE.includes(status))).toEqual([200]);
    const all = [...answers.values()].reduce((sum, times) => sum + times, 0);
    await eventually(async () => {
      const { usageCount } = (await fleet.client.get<ApiKeyView>(`/api/api-keys/${id}`)).body;
      // Exactly, unless some found no lease and were nobody's.
      return usageCount >= answers.get(200)! && usageCount <= all;
    });
  }, 120_000);

  it('a quota of 50 lets exactly 50 of many concurrent calls through', async () => {
    const { key } = await create({ quota: { limit: 50, interval: 'month' } });
    expect(await callAll(key, 75)).toEqual(
      new Map([
        [200, 50],
        [429, 175],
      ]),
    );
  });

  it('every call is counted, and when the key was used last', async () => {
    const { id, key } = await create();
    const began = new Date().toISOString();
    await callAll(key, 100);
    const counted = await eventually(async () => {
      const { body } = await fleet.client.get<ApiKeyView>(`/api/api-keys/${id}`);
      return body.usageCount >= 300 && body;
    });
    expect(counted.usageCount).toBe(300);
    expect(counted.lastUsedAt! >= began).toBe(true);
    const usage = await fleet.client.get<{ data: { requests: number; errors: number }[] }>(
      `/api/api-keys/${id}/usage`,
    );
    expect(usage.body.data.reduce((sum, { requests }) => sum + requests, 0)).toBe(300);
  });

  it('the key with the overlap ends with it everywhere', async () => {
    const { old, renewed } = rotated;
    const { body } = await fleet.client.get<ApiKeyView>(`/api/api-keys/${old.id}`);
    await eventually(() => Date.now() >= Date.parse(body.expiresAt!), { timeoutMs: 70_000 });
    await isRefused(old.key, 25);
    await works(renewed.key);
  }, 120_000);

  it('the books balance', async () => {
    expect((await verify(fleet)).document).toMatchObject({ ok: true, violations: [] });
  }, 120_000);
});
