import type { Actor } from '@flotilla/contracts/actor';
import type {
  ApiKeyView,
  ChangeApiKeyBody,
  ChangeApiKeyRequest,
} from '@flotilla/contracts/api-keys';
import { AppError, notFound } from '@flotilla/contracts/errors';
import { toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { type ApiKey, toView } from '../domain/api-key.js';
import { assertMayGrant, assertNoLooser } from '../domain/grant.js';
import { futureInstant } from './future-instant.js';
import { AccountRoles, ApiKeysUnitOfWork, Revocation } from './ports.js';

/** Changes what a key of the caller's own is called and may do; when it answers every gateway goes by it. */
@Injectable()
export class ChangeApiKeyUseCase {
  constructor(
    private readonly roles: AccountRoles,
    private readonly unitOfWork: ApiKeysUnitOfWork,
    private readonly revocation: Revocation,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws AppError `not-found`, `illegal-transition` for a revoked key, `precondition-failed` when it is not at the version,
   *   `insufficient-permission`, `validation-failed` for an expiry that is past
   */
  async execute(
    actor: Actor,
    { keyId, version, changes }: ChangeApiKeyRequest,
  ): Promise<ApiKeyView> {
    const role = await this.roles.roleOf(actor.userId); // network first, outside the transaction
    if (role === null) throw notFound('user');
    const id = toUuid('key', keyId);
    const changed = await this.unitOfWork.run(async (tx) => {
      const key = await tx.find(id, toUuid('usr', actor.userId), actor.mode);
      if (key === null) throw notFound('API key');
      if (key.revokedAt) throw new AppError('illegal-transition', 'The key is revoked.');
      if (version !== undefined && version !== key.version) {
        throw new AppError('precondition-failed', 'The key was changed meanwhile.');
      }
      const { permissions = [], rateLimit } = changes;
      assertMayGrant(actor, role, { mode: key.mode, permissions, rateLimit });
      const at = this.clock.now();
      const next = { ...withChanges(key, changes, at), version: key.version + 1 };
      const own = await tx.usedBy(actor);
      if (own) {
        const { quota, allowedIps } = changes;
        const expiresAt = changes.expiresAt === undefined ? undefined : next.expiresAt;
        assertNoLooser(actor, role, own, { rateLimit, quota, allowedIps, expiresAt });
      }
      await tx.update(next);
      const data = { name: next.name, permissions: next.permissions };
      await tx.append(id, next.version, { type: 'api_key.changed', data, at });
      await tx.outdate(id);
      return next;
    });
    await this.revocation.receipt();
    return toView(changed);
  }
}

function withChanges(key: ApiKey, changes: ChangeApiKeyBody, now: Date): ApiKey {
  const { name, permissions, rateLimit, quota, allowedIps, expiresAt } = changes;
  return {
    ...key,
    name: name ?? key.name,
    permissions: permissions ?? key.permissions,
    rateLimit: rateLimit === undefined ? key.rateLimit : rateLimit,
    quota: quota === undefined ? key.quota : quota,
    allowedIps: allowedIps === undefined ? key.allowedIps : allowedIps,
    expiresAt:
      expiresAt === undefined ? key.expiresAt : futureInstant(expiresAt, now, '/expiresAt'),
  };
}
