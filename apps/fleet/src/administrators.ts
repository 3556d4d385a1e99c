import { type Actor, PERMISSIONS } from '@flotilla/contracts/actor';
import { CreateApiKey } from '@flotilla/contracts/api-keys';
import { newUuid } from '@flotilla/contracts/ids';
import { type AccountView, EnsureAccount } from '@flotilla/contracts/identity';
import type { Administrator } from './fleet-directory.js';
import type { Operator } from './operator.js';

/** Ample for tests of load; the limit of every other key is 600 a minute. */
const KEY_RATE_LIMIT = { limit: 10_000_000, windowSeconds: 60 };

/**
 * Opens an administrator's account; one that has the address already stays as it is.
 * @throws Error when that belongs to somebody who is no administrator
 */
export async function ensureAdministrator(
  operator: Operator,
  administrator: Administrator,
): Promise<AccountView> {
  const account = await operator.call(EnsureAccount, {
    ...administrator,
    firstName: 'Fleet',
    lastName: 'Administrator',
    role: 'admin',
  });
  if (account.role === 'admin') return account;
  throw new Error(`${account.email} is the address of a ${account.role}, not of an administrator`);
}

/** A new API key with every permission; nobody can show it a second time. */
export async function makeKey(operator: Operator, account: AccountView): Promise<string> {
  const actor: Actor = { userId: account.id, mode: 'live', permissions: PERMISSIONS };
  const apiKey = {
    name: 'fleet',
    mode: 'live' as const,
    permissions: [...PERMISSIONS],
    rateLimit: KEY_RATE_LIMIT,
  };
  const request = { idempotencyKey: newUuid(), apiKey };
  const { answer } = await operator.call(CreateApiKey, request, actor);
  return answer.key!; // null in repetitions only
}
