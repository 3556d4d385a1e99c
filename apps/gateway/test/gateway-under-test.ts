import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { hash } from 'node:crypto';
import { PERMISSIONS } from '@flotilla/contracts/actor';
import { checksum } from '@flotilla/contracts/api-key-format';
import { AuthenticateKey, type KeyRecord } from '@flotilla/contracts/api-keys';
import { newUuid, toId } from '@flotilla/contracts/ids';
import { type TestNats, testNats } from '@flotilla/testing/nats';
import { eventually } from '@flotilla/testing/eventually';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { bootstrap } from '../src/bootstrap.js';
import { FeedStandIn } from './feed-stand-in.js';
import { Services } from './services.js';

/** A gateway on a port of its own, with a broker of its own and stand-ins for the services. */
export interface GatewayUnderTest {
  readonly url: string;
  readonly port: number;
  readonly metricsUrl: string;
  readonly nats: TestNats;
  readonly services: Services;
  readonly feeds: { identity: FeedStandIn; apiKeys: FeedStandIn };
  readonly service: RunningService;
  /** A key that is good from now on, for a user of its own unless told otherwise. */
  key(record?: Partial<KeyRecord>): string;
  fetch(path: string, init?: RequestInit & { key?: string }): Promise<Response>;
  /** Makes a key, or its record another one, without telling the gateway. */
  change(key: string, record: Partial<KeyRecord> | null): void;
  /** Called between reading a record and answering with it. */
  beforeAnswering(wait: (() => Promise<void>) | undefined): void;
  /** How many keys were looked up so far. */
  lookups(): number;
  close(): Promise<void>;
}

export async function gatewayUnderTest(
  env: Record<string, string> = {},
): Promise<GatewayUnderTest> {
  const nats = await testNats();
  const services = await Services.connect(nats.url);
  const records = new Map<string, KeyRecord>();
  const identity = await FeedStandIn.start(services, 'identity');
  const apiKeys = await FeedStandIn.start(services, 'api-keys');
  let lookups = 0;
  let pause: (() => Promise<void>) | undefined;
  await services.answer(AuthenticateKey, async ({ hash: keyHash }) => {
    lookups += 1;
    const key = records.get(keyHash) ?? null;
    await pause?.();
    return { key };
  });
  const metricsPort = await freePort();
  const service = await bootstrap({
    NATS_URL: nats.url,
    PORT: String(await freePort()),
    METRICS_PORT: String(metricsPort),
    LOG_LEVEL: 'silent',
    ...UNLIMITED,
    ...env,
  });
  const url = `http://127.0.0.1:${service.port}`;
  await eventually(async () => (await fetch(`${url}/readyz`)).ok);
  return {
    url,
    port: service.port,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    nats,
    services,
    feeds: { identity, apiKeys },
    service,
    key: (record) => {
      const key = wellFormedKey();
      records.set(hash('sha256', key), { ...someone(), ...record });
      return key;
    },
    fetch: (path, { key, ...init } = {}) => {
      const headers = new Headers(init.headers);
      if (key) headers.set('x-api-key', key);
      return fetch(url + path, { ...init, headers });
    },
    change: (key, record) => {
      const keyHash = hash('sha256', key);
      if (record === null) records.delete(keyHash);
      else records.set(keyHash, { ...someone(), ...records.get(keyHash), ...record });
    },
    beforeAnswering: (wait) => void (pause = wait),
    lookups: () => lookups,
    close: async () => {
      await service.close();
      await services.close();
      await nats.stop();
    },
  };
}

/** For tests of other things than limits. */
export const UNLIMITED = {
  RATE_LIMIT_ANONYMOUS: '1000000/60',
  RATE_LIMIT_CALLER: '1000000/60',
  RATE_LIMIT_FAILED_AUTHENTICATION: '1000000/60',
};

/** A key that nobody issued. */
export function wellFormedKey(): string {
  const body = `sk_live_${newUuid().replaceAll('-', '').padEnd(43, 'x')}`;
  return body + checksum(body);
}

function someone(): KeyRecord {
  return {
    keyId: toId('key', newUuid()),
    userId: toId('usr', newUuid()),
    mode: 'live',
    permissions: [...PERMISSIONS],
    rateLimit: null,
    quota: null,
    allowedIps: null,
    expiresAt: null,
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
