import { type FeedEvent, ListEvents, ListEventsRequest } from '@flotilla/contracts/event-feed';
import type { Page } from '@flotilla/contracts/pages';
import { Controller, Get, Query } from '@nestjs/common';
import { RequirePermission } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';

@Controller('events')
export class EventsController {
  constructor(private readonly fleet: FleetClient) {}

  /** What has happened, oldest first, in an order that never changes: whoever reads on from the last event misses none. */
  @Get()
  @RequirePermission('events:read')
  list(@Query() query: ListEventsRequest): Promise<Page<FeedEvent>> {
    return this.fleet.call(ListEvents, query);
  }
}
