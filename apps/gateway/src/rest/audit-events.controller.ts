import {
  type AuditEventView,
  ListAuditEvents,
  ListAuditEventsRequest,
} from '@flotilla/contracts/audit';
import type { Page } from '@flotilla/contracts/pages';
import { Controller, Get, Query } from '@nestjs/common';
import { RequirePermission } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';

@Controller('audit-events')
export class AuditEventsController {
  constructor(private readonly fleet: FleetClient) {}

  /** What has happened that matters to security, newest first. */
  @Get()
  @RequirePermission('users:admin')
  list(@Query() query: ListAuditEventsRequest): Promise<Page<AuditEventView>> {
    return this.fleet.call(ListAuditEvents, query);
  }
}
