import type { Actor } from '@flotilla/contracts/actor';
import type { AddressIdRequest } from '@flotilla/contracts/addresses';
import { type Id, toUuid } from '@flotilla/contracts/ids';
import { Injectable } from '@nestjs/common';
import { Addresses } from './ports.js';

/** Removes an address of the caller's own for good. */
@Injectable()
export class RemoveAddress {
  constructor(private readonly addresses: Addresses) {}

  /** @throws AppError `not-found`, `precondition-failed` */
  async execute(
    actor: Actor,
    { addressId, version }: AddressIdRequest,
  ): Promise<{ id: Id<'adr'> }> {
    const ref = { id: toUuid('adr', addressId), version };
    await this.addresses.remove(toUuid('usr', actor.userId), ref);
    return { id: addressId };
  }
}
