import type { Actor } from '@flotilla/contracts/actor';
import type { AddressView, ChangeAddressRequest } from '@flotilla/contracts/addresses';
import { toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { changeAddress, toView } from '../domain/address.js';
import { Addresses } from './ports.js';

/** Changes an address of the caller's own. */
@Injectable()
export class ChangeAddress {
  constructor(
    private readonly addresses: Addresses,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `not-found`, `precondition-failed` */
  async execute(actor: Actor, request: ChangeAddressRequest): Promise<AddressView> {
    const { addressId, version, changes } = request;
    const ref = { id: toUuid('adr', addressId), version };
    const changed = await this.addresses.change(toUuid('usr', actor.userId), ref, (before) =>
      changeAddress(before, changes, this.clock.now()),
    );
    return toView(changed);
  }
}
