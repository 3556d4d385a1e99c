import type { Id } from '@flotilla/contracts/ids';
import { GetProfile } from '@flotilla/contracts/users';
import { Controller, Get } from '@nestjs/common';
import { RequirePermission } from '../../auth/access.js';
import { FleetClient } from '../../clients/fleet-client.js';
import { CallerId } from '../caller-id.js';

/** A user as v1 shows one. */
export interface UserV1 {
  id: Id<'usr'>;
  email: string;
  name: string;
  createdAt: string;
}

@Controller({ path: 'users', version: 'v1' })
export class UsersControllerV1 {
  constructor(private readonly fleet: FleetClient) {}

  @Get('me')
  @RequirePermission('users:read')
  async me(@CallerId() userId: Id<'usr'>): Promise<UserV1> {
    const { id, email, displayName, createdAt } = await this.fleet.call(GetProfile, { userId });
    return { id, email, name: displayName, createdAt };
  }
}
