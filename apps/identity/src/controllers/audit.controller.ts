import {
  type AuditEventView,
  ListAuditEvents,
  ListAuditEventsRequest,
} from '@flotilla/contracts/audit';
import type { Page } from '@flotilla/contracts/pages';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { AuditQueries } from '../audit/audit.queries.js';

/** The audit trail, as it is asked for over NATS. */
@Controller()
export class AuditController {
  constructor(private readonly audit: AuditQueries) {}

  @MessagePattern(ListAuditEvents.subject)
  list(@Payload() request: ListAuditEventsRequest): Promise<Page<AuditEventView>> {
    return this.audit.list(request);
  }
}
