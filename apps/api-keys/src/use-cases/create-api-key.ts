import { randomBytes } from 'node:crypto';
import type { Actor } from '@flotilla/contracts/actor';
import {
  CreateApiKey,
  type CreateApiKeyBody,
  type CreateApiKeyRequest,
  type CreatedApiKey,
} from '@flotilla/contracts/api-keys';
import { AppError } from '@flotilla/contracts/errors';
import type { Answered } from '@flotilla/contracts/idempotency';
import { newUuid, toUuid } from '@flotilla/contracts/ids';
import { parseInstant } from '@flotilla/contracts/instant';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { type ApiKey, formatKey, hashKey, toView, visiblePrefix } from '../domain/api-key.js';
import { assertMayGrant } from '../domain/grant.js';
import { AccountRoles, type ApiKeysTransaction, ApiKeysUnitOfWork } from './ports.js';

/** Creates a key of the caller's own, with at most the caller's permissions; the first answer alone carries the key. */
@Injectable()
export class CreateApiKeyUseCase {
  constructor(
    private readonly roles: AccountRoles,
    private readonly requests: IdempotentRequests,
    private readonly unitOfWork: ApiKeysUnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `insufficient-permission`, `validation-failed` for an expiry that is past, and what `IdempotentRequests` throws */
  async execute(
    actor: Actor,
    { idempotencyKey: key, apiKey: body }: CreateApiKeyRequest,
  ): Promise<Answered<CreatedApiKey>> {
    const role = await this.roles.roleOf(actor.userId); // network first, outside the transaction
    const text = formatKey(body.mode, randomBytes(32));
    const request = { actor, key, operation: CreateApiKey.subject, body };
    const { answer, replayed } = await this.requests.once(request, (tx) => {
      assertMayGrant(actor, role, body);
      const apiKey = newKey(actor, body, text, this.clock.now());
      return this.create(this.unitOfWork.within(tx), apiKey, text);
    });
    return { answer: replayed ? answer : { ...answer, key: text }, replayed };
  }

  /** The answer as it may be stored. */
  private async create(tx: ApiKeysTransaction, key: ApiKey, text: string): Promise<CreatedApiKey> {
    const { name, mode, permissions, prefix, createdAt: at } = key;
    await tx.insert(key, hashKey(text));
    const data = { name, mode, permissions, prefix };
    await tx.append(key.id, 1, { type: 'api_key.created', data, at });
    return { ...toView(key), key: null };
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
    expiresAt: body.expiresAt ? futureInstant(body.expiresAt, now) : null,
    revokedAt: null,
    createdAt: now,
  };
}

function futureInstant(text: string, now: Date): Date {
  const instant = parseInstant(text);
  if (instant && instant > now) return instant;
  const detail = 'must be an RFC 3339 time in the future';
  throw new AppError('validation-failed', 'The request is not valid.', {
    details: { errors: [{ pointer: '/expiresAt', code: 'future', detail }] },
  });
}
