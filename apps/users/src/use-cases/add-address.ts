import type { Actor } from '@flotilla/contracts/actor';
import {
  AddAddress as Operation,
  type AddAddressRequest,
  type AddressView,
} from '@flotilla/contracts/addresses';
import type { Answered } from '@flotilla/contracts/idempotency';
import { newUuid, toUuid } from '@flotilla/contracts/ids';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { newAddress, toView } from '../domain/address.js';
import { Addresses } from './ports.js';

/** Keeps another address for the caller. */
@Injectable()
export class AddAddress {
  constructor(
    private readonly requests: IdempotentRequests,
    private readonly addresses: Addresses,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError what `IdempotentRequests` throws */
  execute(
    actor: Actor,
    { idempotencyKey: key, address: body }: AddAddressRequest,
  ): Promise<Answered<AddressView>> {
    const request = { actor, key, operation: Operation.subject, body };
    return this.requests.once(request, async (tx) => {
      const at = this.clock.now();
      const address = newAddress(newUuid(at.getTime()), body, at);
      await this.addresses.add(tx, toUuid('usr', actor.userId), address);
      return toView(address);
    });
  }
}
