import { type GrantView, ListGrants, WithdrawGrant } from '@flotilla/contracts/oauth-grants';
import type { Page } from '@flotilla/contracts/pages';
import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { RequirePermission } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';

/** What the caller has agreed to give to OAuth clients. */
@Controller('users/me/grants')
export class GrantsController {
  constructor(private readonly fleet: FleetClient) {}

  @Get()
  @RequirePermission('users:read')
  list(): Promise<Page<GrantView>> {
    return this.fleet.call(ListGrants, {});
  }

  /** Takes a consent back: when it answers, no gateway accepts a token that was given for it. */
  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('users:write')
  async withdraw(@Param('id') grantId: string): Promise<void> {
    await this.fleet.call(WithdrawGrant, { grantId });
  }
}
