import type { ApiKey } from '../domain/api-key.js';
import type { ApiKeysTransaction } from './ports.js';

/** Ends a key and tells of it. Gateways hear of it by `outdate`, at the end of the transaction. */
export async function revokeKey(tx: ApiKeysTransaction, key: ApiKey, at: Date): Promise<void> {
  const version = key.version + 1;
  await tx.update({ ...key, revokedAt: at, version });
  await tx.append(key.id, version, { type: 'api_key.revoked', data: {}, at });
}
