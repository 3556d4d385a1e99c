import type { AccountEvents } from '@flotilla/contracts/identity';
import type { EventEnvelope } from '@flotilla/contracts/events';
import type { Id } from '@flotilla/contracts/ids';
import { forgetAnswers } from '@flotilla/event-store/idempotent-requests';
import type { Transaction } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { withRole } from '../domain/endpoint.js';
import { Endpoints } from './ports.js';

/** Keeps endpoints to what their owners may do. */
@Injectable()
export class HearOwner {
  constructor(private readonly endpoints: Endpoints) {}

  async execute(tx: Transaction, event: EventEnvelope): Promise<void> {
    const userId = event.subject as Id<'usr'>;
    switch (event.type) {
      case 'user.role_changed': {
        const { role } = event.data as AccountEvents['user.role_changed'];
        return this.endpoints.updateAllOf(tx, userId, (endpoint) => withRole(endpoint, role));
      }
      case 'user.disabled':
        return this.endpoints.updateAllOf(tx, userId, (endpoint) => ({
          ...endpoint,
          disabled: 'owner-disabled',
        }));
      case 'user.erased':
        await this.endpoints.removeAllOf(tx, userId);
        return forgetAnswers(tx, userId);
      default: // nothing that changes what an owner may do
    }
  }
}
