import type { KeyAuthentication } from '@flotilla/contracts/api-keys';
import { toId } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { isUsable } from '../domain/api-key.js';
import { effectivePermissions } from '../domain/grant.js';
import { AccountRoles, KeysByHash } from './ports.js';

/** Says what a key is good for at this moment: what it was given, as far as its owner's role still allows it. */
@Injectable()
export class AuthenticateKeyUseCase {
  constructor(
    private readonly keys: KeysByHash,
    private readonly roles: AccountRoles,
    private readonly clock: Clock,
  ) {}

  async execute(hash: string): Promise<KeyAuthentication> {
    const key = await this.keys.findByHash(hash);
    if (!key || !isUsable(key, this.clock.now())) return { key: null };
    const userId = toId('usr', key.userId);
    const role = await this.roles.roleOf(userId);
    if (role === null) return { key: null };
    const { mode, rateLimit, quota, allowedIps, expiresAt } = key;
    return {
      key: {
        keyId: toId('key', key.id),
        userId,
        mode,
        permissions: effectivePermissions(key, role),
        rateLimit,
        quota,
        allowedIps,
        expiresAt: expiresAt?.toISOString() ?? null,
      },
    };
  }
}
