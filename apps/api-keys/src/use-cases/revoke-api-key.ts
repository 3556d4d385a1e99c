import type { Actor } from '@flotilla/contracts/actor';
import type { RevokedApiKey } from '@flotilla/contracts/api-keys';
import { notFound } from '@flotilla/contracts/errors';
import { toId, toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { ApiKeysUnitOfWork } from './ports.js';

/** Ends a key of the caller's own for good; repeating it changes nothing more. */
@Injectable()
export class RevokeApiKeyUseCase {
  constructor(
    private readonly unitOfWork: ApiKeysUnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `not-found`, also for another user's key */
  execute(actor: Actor, keyId: string): Promise<RevokedApiKey> {
    const id = toUuid('key', keyId);
    return this.unitOfWork.run(async (tx) => {
      const key = await tx.find(id, toUuid('usr', actor.userId));
      if (key === null) throw notFound('API key');
      const revokedAt = key.revokedAt ?? this.clock.now();
      if (key.revokedAt === null) {
        await tx.markRevoked(id, revokedAt);
        await tx.append(id, 2, { type: 'api_key.revoked', data: {}, at: revokedAt });
      }
      return { id: toId('key', id), revokedAt: revokedAt.toISOString() };
    });
  }
}
