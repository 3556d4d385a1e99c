import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { hash } from 'node:crypto';
import { type Actor, PERMISSIONS, type Permission } from '@flotilla/contracts/actor';
import { checksum } from '@flotilla/contracts/api-key-format';
import { AuthenticateKey } from '@flotilla/contracts/api-keys';
import { newUuid, toId } from '@flotilla/contracts/ids';
import { type TestNats, testNats } from '@flotilla/testing/nats';
import { eventually } from '@flotilla/testing/eventually';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { bootstrap } from '../src/bootstrap.js';
import { Services } from './services.js';

/** A gateway on a port of its own, with a broker of its own and stand-ins for the services. */
export interface GatewayUnderTest {
  readonly url: string;
  readonly port: number;
  readonly metricsUrl: string;
  readonly nats: TestNats;
  readonly services: Services;
  readonly service: RunningService;
  /** A key that is good from now on, for a user of its own unless told otherwise. */
  key(actor?: Partial<Actor>): string;
  fetch(path: string, init?: RequestInit & { key?: string }): Promise<Response>;
  /** How many keys were looked up so far. */
  lookups(): number;
  close(): Promise<void>;
}

export async function gatewayUnderTest(
  env: Record<string, string> = {},
): Promise<GatewayUnderTest> {
  const nats = await testNats();
  const services = await Services.connect(nats.url);
  const actors = new Map<string, Actor>();
  let lookups = 0;
  await services.answer(AuthenticateKey, ({ hash: keyHash }) => {
    lookups += 1;
    return { actor: actors.get(keyHash) ?? null };
  });
  const metricsPort = await freePort();
  const service = await bootstrap({
    NATS_URL: nats.url,
    PORT: String(await freePort()),
    METRICS_PORT: String(metricsPort),
    LOG_LEVEL: 'silent',
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
    service,
    key: (actor) => {
      const key = wellFormedKey();
      actors.set(hash('sha256', key), { ...someone(), ...actor });
      return key;
    },
    fetch: (path, { key, ...init } = {}) => {
      const headers = new Headers(init.headers);
      if (key) headers.set('x-api-key', key);
      return fetch(url + path, { ...init, headers });
    },
    lookups: () => lookups,
    close: async () => {
      await service.close();
      await services.close();
      await nats.stop();
    },
  };
}

/** A key that nobody issued. */
export function wellFormedKey(): string {
  const body = `sk_live_${newUuid().replaceAll('-', '').padEnd(43, 'x')}`;
  return body + checksum(body);
}

function someone(permissions: readonly Permission[] = PERMISSIONS): Actor {
  return { userId: toId('usr', newUuid()), mode: 'live', permissions };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
