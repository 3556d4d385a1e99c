import type { Id } from '@flotilla/contracts/ids';
import { GetProfile, type ProfileView } from '@flotilla/contracts/users';
import { Controller, Get } from '@nestjs/common';
import { RequirePermission } from '../../auth/access.js';
import { FleetClient } from '../../clients/fleet-client.js';
import { CallerId } from '../caller-id.js';

/** A user as v2 shows one. */
export interface UserV2 extends Pick<ProfileView, 'id' | 'email' | 'createdAt' | 'updatedAt'> {
  profile: Pick<ProfileView, 'firstName' | 'lastName' | 'displayName'>;
}

@Controller({ path: 'users', version: 'v2' })
export class UsersControllerV2 {
  constructor(private readonly fleet: FleetClient) {}

  @Get('me')
  @RequirePermission('users:read')
  async me(@CallerId() userId: Id<'usr'>): Promise<UserV2> {
    const user = await this.fleet.call(GetProfile, { userId });
    const { id, email, firstName, lastName, displayName, createdAt, updatedAt } = user;
    return { id, email, profile: { firstName, lastName, displayName }, createdAt, updatedAt };
  }
}
