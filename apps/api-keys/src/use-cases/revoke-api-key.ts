import type { Actor } from '@flotilla/contracts/actor';
import type { RevokedApiKey } from '@flotilla/contracts/api-keys';
import { notFound } from '@flotilla/contracts/errors';
import { toId, toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { ApiKeysUnitOfWork, Revocation } from './ports.js';
import { revokeKey } from './revoke-key.js';

/** Ends a key of the caller's own for good, on every gateway; repeating it changes nothing more. */
@Injectable()
export class RevokeApiKeyUseCase {
  constructor(
    private readonly unitOfWork: ApiKeysUnitOfWork,
    private readonly revocation: Revocation,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `not-found`, also for another user's key; `unavailable` when it is not known where it took effect */
  async execute(actor: Actor, keyId: string): Promise<RevokedApiKey> {
    const id = toUuid('key', keyId);
    const revoked = await this.unitOfWork.run(async (tx) => {
      const key = await tx.find(id, toUuid('usr', actor.userId), actor.mode);
      if (key === null) throw notFound('API key');
      const revokedAt = key.revokedAt ?? this.clock.now();
      if (key.revokedAt === null) {
        await revokeKey(tx, key, revokedAt);
        await tx.outdate(id);
      }
      return { id: toId('key', id), revokedAt: revokedAt.toISOString() };
    });
    // Of a repetition too: whoever asked first may never have heard.
    return { ...revoked, ...(await this.revocation.receipt()) };
  }
}
