import type { CreatedApiKey } from '@flotilla/contracts/api-keys';
import { type ApiKey, hashKey, toView } from '../domain/api-key.js';
import type { ApiKeysTransaction } from './ports.js';

/** Writes a new key and its event; returns the answer as it may be stored, without the key's text. */
export async function storeKey(
  tx: ApiKeysTransaction,
  key: ApiKey,
  text: string,
): Promise<CreatedApiKey> {
  const { name, mode, permissions, prefix, createdAt: at } = key;
  await tx.insert(key, hashKey(text));
  const data = { name, mode, permissions, prefix };
  await tx.append(key.id, 1, { type: 'api_key.created', data, at });
  await tx.outdate(key.id); // that there is no such key
  return { ...toView(key), key: null };
}
