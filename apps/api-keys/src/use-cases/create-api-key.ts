import { randomBytes } from 'node:crypto';
import type { Actor } from '@flotilla/contracts/actor';
import type { CreateApiKeyBody, CreatedApiKey } from '@flotilla/contracts/api-keys';
import { AppError } from '@flotilla/contracts/errors';
import { newUuid, toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { type ApiKey, formatKey, hashKey, toView, visiblePrefix } from '../domain/api-key.js';
import { assertMayGrant } from '../domain/grant.js';
import { AccountRoles, ApiKeysUnitOfWork } from './ports.js';

/** Creates a key of the caller's own, with at most the caller's permissions; its answer alone carries the key. */
@Injectable()
export class CreateApiKeyUseCase {
  constructor(
    private readonly roles: AccountRoles,
    private readonly unitOfWork: ApiKeysUnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `insufficient-permission`, `validation-failed` for an expiry that is past */
  async execute(actor: Actor, body: CreateApiKeyBody): Promise<CreatedApiKey> {
    assertMayGrant(actor, await this.roles.roleOf(actor.userId), body);
    const now = this.clock.now();
    const text = formatKey(body.mode, randomBytes(32));
    const key: ApiKey = {
      id: newUuid(now.getTime()),
      userId: toUuid('usr', actor.userId),
      prefix: visiblePrefix(text),
      name: body.name,
      mode: body.mode,
      permissions: body.permissions,
      rateLimit: body.rateLimit ?? null,
      expiresAt: futureInstant(body.expiresAt, now),
      revokedAt: null,
      createdAt: now,
    };
    const { name, mode, permissions, prefix } = key;
    await this.unitOfWork.run(async (tx) => {
      await tx.insert(key, hashKey(text));
      const data = { name, mode, permissions, prefix };
      await tx.append(key.id, 1, { type: 'api_key.created', data, at: now });
    });
    return { ...toView(key), key: text };
  }
}

function futureInstant(text: string | undefined, now: Date): Date | null {
  if (text === undefined) return null;
  const instant = new Date(text);
  // ISO 8601 has forms that no Date takes (weeks, ordinal days): these compare as not after now, too.
  if (instant > now) return instant;
  const detail = 'must be an RFC 3339 time in the future';
  throw new AppError('validation-failed', 'The request is not valid.', {
    details: { errors: [{ pointer: '/expiresAt', code: 'future', detail }] },
  });
}
