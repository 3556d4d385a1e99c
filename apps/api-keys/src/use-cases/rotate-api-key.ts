import { randomBytes } from 'node:crypto';
import type { Actor } from '@flotilla/contracts/actor';
import {
  type CreatedApiKey,
  RotateApiKey,
  type RotateApiKeyRequest,
} from '@flotilla/contracts/api-keys';
import { AppError, notFound } from '@flotilla/contracts/errors';
import type { Answered } from '@flotilla/contracts/idempotency';
import { newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { type ApiKey, formatKey, isUsable, visiblePrefix } from '../domain/api-key.js';
import { assertMayGrant, assertNoLooser } from '../domain/grant.js';
import { AccountRoles, type ApiKeysTransaction, ApiKeysUnitOfWork, Revocation } from './ports.js';
import { storeKey } from './store-key.js';

/** Puts a new key in the place of one of the caller's own, which goes on working for the overlap. */
@Injectable()
export class RotateApiKeyUseCase {
  constructor(
    private readonly roles: AccountRoles,
    private readonly requests: IdempotentRequests,
    private readonly unitOfWork: ApiKeysUnitOfWork,
    private readonly revocation: Revocation,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError `not-found`, `illegal-transition` for a key that is over, `insufficient-permission`, and what
   *   `IdempotentRequests` throws
   */
  async execute(
    actor: Actor,
    { idempotencyKey, keyId, rotation }: RotateApiKeyRequest,
  ): Promise<Answered<CreatedApiKey>> {
    const role = await this.roles.roleOf(actor.userId); // network first, outside the transaction
    if (role === null) throw notFound('user');
    const [id, owner] = [toUuid('key', keyId), toUuid('usr', actor.userId)];
    const random = randomBytes(32);
    let text: string | null = null;
    const request = {
      actor,
      key: idempotencyKey,
      operation: RotateApiKey.subject,
      body: { keyId, rotation },
    };
    const { answer, replayed } = await this.requests.once(request, async (open) => {
      const tx = this.unitOfWork.within(open);
      await tx.keepOwner(owner);
      const old = await tx.find(id, owner, actor.mode);
      if (old === null) throw notFound('API key');
      const now = this.clock.now();
      if (!isUsable(old, now)) {
        throw new AppError('illegal-transition', 'The key is revoked or has expired.');
      }
      const { mode, permissions } = old;
      assertMayGrant(actor, role, { mode, permissions });
      const own = await tx.usedBy(actor);
      if (own) assertNoLooser(actor, role, own, old);
      text = formatKey(old.mode, random);
      const successor = successorOf(old, text, now);
      await replace(tx, old, successor, rotation.overlapSeconds, now);
      return storeKey(tx, successor, text);
    });
    await this.revocation.receipt();
    return { answer: replayed ? answer : { ...answer, key: text }, replayed };
  }
}

function successorOf(old: ApiKey, text: string, now: Date): ApiKey {
  return {
    ...old,
    id: newUuid(now.getTime()),
    prefix: visiblePrefix(text),
    createdAt: now,
    lastUsedAt: null,
    usageCount: 0,
    version: 1,
  };
}

async function replace(
  tx: ApiKeysTransaction,
  old: ApiKey,
  successor: ApiKey,
  overlapSeconds: number,
  at: Date,
): Promise<void> {
  const end = new Date(at.getTime() + overlapSeconds * 1_000);
  const expiresAt = old.expiresAt && old.expiresAt < end ? old.expiresAt : end;
  const data = { successor: toId('key', successor.id), expiresAt: expiresAt.toISOString() };
  const rotated = old.version + 1;
  await tx.append(old.id, rotated, { type: 'api_key.rotated', data, at });
  if (overlapSeconds > 0) {
    await tx.update({ ...old, expiresAt, version: rotated });
  } else {
    await tx.update({ ...old, revokedAt: at, version: rotated + 1 });
    await tx.append(old.id, rotated + 1, { type: 'api_key.revoked', data: {}, at });
  }
  await tx.outdate(old.id);
}
