import type { Actor } from '@flotilla/contracts/actor';
import type { KeyVerdict, VerifyKeyRequest } from '@flotilla/contracts/api-key-usage';
import { toId, toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { invalidity } from '../domain/api-key.js';
import { effectivePermissions } from '../domain/grant.js';
import { AccountRoles, KeysByHash } from './ports.js';

/** Says whether a key of the caller's own is good now, and for what; keys of others are unknown. */
@Injectable()
export class VerifyKeyUseCase {
  constructor(
    private readonly keys: KeysByHash,
    private readonly roles: AccountRoles,
    private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, { hash, permission }: VerifyKeyRequest): Promise<KeyVerdict> {
    const key = await this.keys.findByHash(hash);
    const isOwn = key?.userId === toUuid('usr', actor.userId);
    const role = isOwn ? await this.roles.roleOf(actor.userId) : null;
    if (!key || role === null || (actor.mode === 'test' && key.mode === 'live')) {
      return { valid: false, reason: 'unknown' };
    }
    const permissions = effectivePermissions(key, role);
    const reason = invalidity({ ...key, permissions }, this.clock.now(), permission);
    const { rateLimit } = key;
    const what = { keyId: toId('key', key.id), userId: actor.userId, permissions, rateLimit };
    return reason === undefined ? { valid: true, ...what } : { valid: false, reason, ...what };
  }
}
