import { createHash } from 'node:crypto';
import { type Actor, PERMISSIONS } from '@flotilla/contracts/actor';
import {
  AuthenticateKey,
  CreateApiKey,
  type CreateApiKeyBody,
  type CreatedApiKey,
  type KeyRecord,
} from '@flotilla/contracts/api-keys';
import { newUuid } from '@flotilla/contracts/ids';
import { testNats } from '@flotilla/testing/nats';
import { type TestDatabase, testDatabase } from '@flotilla/testing/postgres';
import { testService } from '@flotilla/testing/service';
import { bootstrap } from '../src/bootstrap.js';
import { migrations } from '../src/migrations.js';
import { type IdentityStandIn, startIdentity } from './identity-stand-in.js';

/** What a key is made of where a test does not say. */
export const BODY: CreateApiKeyBody = { name: 'shop', mode: 'live', permissions: ['orders:read'] };

/** The service with a database and a broker of its own, and what its callers do. */
export interface ApiKeysUnderTest {
  readonly database: TestDatabase;
  readonly identity: IdentityStandIn;
  /** An administrator whom nobody else is. */
  admin(): Actor;
  create(actor: Actor, over?: Partial<CreateApiKeyBody>): Promise<CreatedApiKey & { key: string }>;
  /** What a gateway is told of a key; null for none that is good. */
  recordOf(key: string): Promise<KeyRecord | null>;
  close(): Promise<void>;
}

export async function apiKeysUnderTest(): Promise<ApiKeysUnderTest> {
  const [database, nats] = await Promise.all([testDatabase(migrations), testNats()]);
  const service = await testService(bootstrap, { database, nats });
  const identity = await startIdentity(nats.url);
  return {
    database,
    identity,
    admin: () => ({ userId: identity.user('admin'), mode: 'live', permissions: PERMISSIONS }),
    create: async (actor, over = {}) => {
      const request = { idempotencyKey: newUuid(), apiKey: { ...BODY, ...over } };
      const { answer } = await identity.rpc.call(CreateApiKey, request, { actor });
      return { ...answer, key: answer.key! };
    },
    recordOf: async (key) => (await identity.rpc.call(AuthenticateKey, { hash: hashOf(key) })).key,
    close: async () => {
      await identity.close();
      await service.close();
      await nats.stop();
      await database.drop();
    },
  };
}

/** What is stored of a key, and asked for. */
export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
