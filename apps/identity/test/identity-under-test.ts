import { randomBytes } from 'node:crypto';
import { type Actor, PERMISSIONS, type Role } from '@flotilla/contracts/actor';
import { newUuid } from '@flotilla/contracts/ids';
import { type AccountView, EnsureAccount } from '@flotilla/contracts/identity';
import {
  CreateOAuthClient,
  type CreateOAuthClientBody,
  type OAuthClientWithSecret,
} from '@flotilla/contracts/oauth-clients';
import type { RunningService } from '@flotilla/runtime/bootstrap';
import { type TestNats, testNats } from '@flotilla/testing/nats';
import { type TestDatabase, testDatabase } from '@flotilla/testing/postgres';
import { testService } from '@flotilla/testing/service';
import { bootstrap } from '../src/bootstrap.js';
import { migrations } from '../src/migrations.js';
import { type Caller, startCaller } from './caller.js';

/** The issuer of every identity under test; what a request calls the host does not matter. */
export const ISSUER = 'http://flotilla.example';
export const PASSWORD = 'correct horse battery';
/** On a machine that has more to do. */
const PATIENCE_MS = 10_000;
export const REDIRECT_URI = 'https://shop.example/callback';

/** Identity in one or more processes, with a database and a broker of its own. */
export interface IdentityUnderTest {
  /** Where each replica listens. */
  readonly urls: readonly string[];
  /** What it was started with: `SEALING_KEYS`. */
  readonly sealingKeys: string;
  readonly caller: Caller;
  readonly database: TestDatabase;
  readonly nats: TestNats;
  account(role?: Role): Promise<AccountView>;
  /** A client that an account of its own owns; a confidential web application unless told otherwise. */
  client(
    body?: Partial<CreateOAuthClientBody>,
    owner?: AccountView,
  ): Promise<OAuthClientWithSecret>;
  /** Ends all replicas, and starts as many with more of an environment. */
  restart(env: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

export async function identityUnderTest({
  replicas = 1,
  env = {},
}: { replicas?: number; env?: Record<string, string> } = {}): Promise<IdentityUnderTest> {
  const [database, nats] = await Promise.all([testDatabase(migrations), testNats()]);
  const sealingKeys = randomBytes(32).toString('base64url');
  const start = (more: Record<string, string> = {}): Promise<RunningService[]> => {
    const given = { PUBLIC_URL: ISSUER, SEALING_KEYS: sealingKeys, ...env, ...more };
    const replica = () => testService(bootstrap, { database, nats, env: given });
    return Promise.all(Array.from({ length: replicas }, replica));
  };
  let services = await start();
  const caller = await startCaller(nats.url);
  let people = 0;
  const account = (role: Role = 'customer') =>
    caller.rpc.call(
      EnsureAccount,
      {
        email: `person-${(people += 1)}@flotilla.example`,
        password: PASSWORD,
        firstName: 'Ada',
        lastName: 'Lovelace',
        role,
      },
      { timeoutMs: PATIENCE_MS },
    );
  return {
    get urls() {
      return services.map(({ port }) => `http://127.0.0.1:${port}`);
    },
    sealingKeys,
    caller,
    database,
    nats,
    account,
    client: async (body = {}, owner) => {
      const { id: userId } = owner ?? (await account('staff'));
      const actor: Actor = { userId, mode: 'live', permissions: PERMISSIONS };
      const client: CreateOAuthClientBody = {
        clientName: 'Shop',
        redirectUris: [REDIRECT_URI],
        grantTypes: ['authorization_code', 'refresh_token'],
        scopes: ['openid', 'email', 'offline_access', 'orders:read', 'orders:write'],
        tokenEndpointAuthMethod: 'client_secret_basic',
        ...body,
      };
      const request = { idempotencyKey: newUuid(), client };
      return (await caller.rpc.call(CreateOAuthClient, request, { actor, timeoutMs: PATIENCE_MS }))
        .answer;
    },
    restart: async (more) => {
      await Promise.all(services.map((service) => service.close()));
      services = await start(more);
    },
    close: async () => {
      await caller.close();
      await Promise.all(services.map((service) => service.close()));
      await nats.stop();
      await database.drop();
    },
  };
}
