import type { Actor } from '@flotilla/contracts/actor';
import {
  AddAddress,
  AddAddressRequest,
  AddressIdRequest,
  type AddressView,
  ChangeAddress,
  ChangeAddressRequest,
  GetAddress,
  ListAddresses,
  RemoveAddress,
} from '@flotilla/contracts/addresses';
import type { Answered } from '@flotilla/contracts/idempotency';
import type { Id } from '@flotilla/contracts/ids';
import { type Page, PageQuery } from '@flotilla/contracts/pages';
import { Caller } from '@flotilla/messaging/caller';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { AddressQueries } from '../repositories/address.queries.js';
import { AddAddress as Addition } from '../use-cases/add-address.js';
import { ChangeAddress as Change } from '../use-cases/change-address.js';
import { RemoveAddress as Removal } from '../use-cases/remove-address.js';

/** What users answers over NATS of the caller's own addresses. */
@Controller()
export class AddressesController {
  constructor(
    private readonly addition: Addition,
    private readonly change: Change,
    private readonly removal: Removal,
    private readonly queries: AddressQueries,
  ) {}

  @MessagePattern(AddAddress.subject)
  add(
    @Caller() actor: Actor,
    @Payload() request: AddAddressRequest,
  ): Promise<Answered<AddressView>> {
    return this.addition.execute(actor, request);
  }

  @MessagePattern(GetAddress.subject)
  get(@Caller() actor: Actor, @Payload() { addressId }: AddressIdRequest): Promise<AddressView> {
    return this.queries.get(actor, addressId);
  }

  @MessagePattern(ListAddresses.subject)
  list(@Caller() actor: Actor, @Payload() query: PageQuery): Promise<Page<AddressView>> {
    return this.queries.list(actor, query);
  }

  @MessagePattern(ChangeAddress.subject)
  changeAddress(
    @Caller() actor: Actor,
    @Payload() request: ChangeAddressRequest,
  ): Promise<AddressView> {
    return this.change.execute(actor, request);
  }

  @MessagePattern(RemoveAddress.subject)
  remove(@Caller() actor: Actor, @Payload() request: AddressIdRequest): Promise<{ id: Id<'adr'> }> {
    return this.removal.execute(actor, request);
  }
}
