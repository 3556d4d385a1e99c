import { randomBytes } from 'node:crypto';
import type { Actor } from '@flotilla/contracts/actor';
import {
  CreateApiKey,
  type CreateApiKeyBody,
  type CreateApiKeyRequest,
  type CreatedApiKey,
} from '@flotilla/contracts/api-keys';
import { notFound } from '@flotilla/contracts/errors';
import type { Answered } from '@flotilla/contracts/idempotency';
import { newUuid, toUuid } from '@flotilla/contracts/ids';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { type ApiKey, formatKey, visiblePrefix } from '../domain/api-key.js';
import { assertMayGrant, assertNoLooser } from '../domain/grant.js';
import { storeKey } from './store-key.js';
import { futureInstant } from './future-instant.js';
import { AccountRoles, ApiKeysUnitOfWork, Revocation } from './ports.js';

/** Creates a key of the caller's own, with at most the caller's permissions; the first answer alone carries the key. */
@Injectable()
export class CreateApiKeyUseCase {
  constructor(
    private readonly roles: AccountRoles,
    private readonly requests: IdempotentRequests,
    private readonly unitOfWork: ApiKeysUnitOfWork,
    private readonly revocation: Revocation,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError `not-found` for a caller whose account is gone, `insufficient-permission`, `validation-failed` for an
   *   expiry that is past, and what `IdempotentRequests` throws
   */
  async execute(
    actor: Actor,
    { idempotencyKey: key, apiKey: body }: CreateApiKeyRequest,
  ): Promise<Answered<CreatedApiKey>> {
    const role = await this.roles.roleOf(actor.userId); // network first, outside the transaction
    if (role === null) throw notFound('user');
    const text = formatKey(body.mode, randomBytes(32));
    const request = { actor, key, operation: CreateApiKey.subject, body };
    const { answer, replayed } = await this.requests.once(request, async (open) => {
      const tx = this.unitOfWork.within(open);
      await tx.keepOwner(toUuid('usr', actor.userId));
      assertMayGrant(actor, role, body);
      const apiKey = newKey(actor, body, text, this.clock.now());
      const own = await tx.usedBy(actor);
      if (own) assertNoLooser(actor, role, own, apiKey);
      return storeKey(tx, apiKey, text);
    });
    await this.revocation.receipt();
    return { answer: replayed ? answer : { ...answer, key: text }, replayed };
  }
}

function newKey(actor: Actor, body: CreateApiKeyBody, text: string, now: Date): ApiKey {
  return {
    id: newUuid(now.getTime()),
    userId: toUuid('usr', actor.userId),
    prefix: visiblePrefix(text),
    name: body.name,
    mode: body.mode,
    permissions: body.permissions,
    rateLimit: body.rateLimit ?? null,
    quota: body.quota ?? null,
    allowedIps: body.allowedIps ?? null,
    expiresAt: futureInstant(body.expiresAt, now, '/expiresAt'),
    revokedAt: null,
    createdAt: now,
    lastUsedAt: null,
    usageCount: 0,
    version: 1,
  };
}
