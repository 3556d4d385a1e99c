import type { EventEnvelope } from '@flotilla/contracts/events';
import { Clock } from '@flotilla/runtime/clock';
import type { Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { ApiKeysUnitOfWork } from './ports.js';
import { revokeKey } from './revoke-key.js';

/**
 * Ends the keys of a user whom identity has erased, and takes out of all of them what may say who it was. No gateway has
 * accepted them since the erasure was answered; from here on that is so for good.
 */
@Injectable()
export class EraseOwner {
  constructor(
    private readonly unitOfWork: ApiKeysUnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** Inside the transaction of the inbox. */
  async execute(tx: Transaction, { type, streamId }: EventEnvelope): Promise<void> {
    if (type !== 'user.erased') return;
    const keys = this.unitOfWork.within(tx);
    await keys.endOwner(streamId);
    await keys.anonymize(streamId);
    const standing = await keys.unrevokedOf(streamId);
    for (const key of standing) await revokeKey(keys, key, this.clock.now());
    for (const { id } of standing) await keys.outdate(id);
  }
}
