import type { Role } from '@flotilla/contracts/actor';
import { isAppError } from '@flotilla/contracts/errors';
import type { Id } from '@flotilla/contracts/ids';
import { GetAccount } from '@flotilla/contracts/identity';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { Injectable } from '@nestjs/common';
import { AccountRoles } from '../use-cases/ports.js';

/** Roles as identity knows them at this moment. */
@Injectable()
export class IdentityAccountRoles extends AccountRoles {
  constructor(private readonly rpc: RpcClient) {
    super();
  }

  async roleOf(userId: Id<'usr'>): Promise<Role | null> {
    try {
      const { role, disabled } = await this.rpc.call(GetAccount, { userId });
      return disabled ? null : role;
    } catch (error) {
      if (isAppError(error, 'not-found')) return null;
      throw error;
    }
  }
}
