import type { Id } from '@flotilla/contracts/ids';
import {
  ChangePreferences,
  ChangePreferencesBody,
  GetUser,
  type Preferences,
} from '@flotilla/contracts/users';
import { Body, Controller, Get, Patch } from '@nestjs/common';
import { RequirePermission } from '../../auth/access.js';
import { FleetClient } from '../../clients/fleet-client.js';
import { Answers } from '../../http/answers.js';
import { IfMatch, Precondition } from '../../http/precondition.js';
import { CallerId } from '../caller-id.js';

@Controller('users/me/preferences')
export class PreferencesController {
  constructor(private readonly fleet: FleetClient) {}

  @Get()
  @RequirePermission('users:read')
  async get(@CallerId() userId: Id<'usr'>): Promise<Preferences> {
    return (await this.fleet.call(GetUser, { userId })).preferences;
  }

  @Patch()
  @RequirePermission('users:write')
  @Answers({ represents: '/users/me/preferences' })
  async change(
    @CallerId() userId: Id<'usr'>,
    @IfMatch() precondition: Precondition,
    @Body() changes: ChangePreferencesBody,
  ): Promise<Preferences> {
    const version = await precondition.version(
      () => this.fleet.call(GetUser, { userId }, { fresh: true }),
      ({ preferences }) => preferences,
    );
    const user = await this.fleet.call(ChangePreferences, { userId, version, changes });
    return user.preferences;
  }
}
