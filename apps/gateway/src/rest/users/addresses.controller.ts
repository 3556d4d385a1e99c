import {
  AddAddress,
  type AddressView,
  ChangeAddress,
  ChangeAddressBody,
  GetAddress,
  ListAddresses,
  RemoveAddress,
} from '@flotilla/contracts/addresses';
import type { Answered } from '@flotilla/contracts/idempotency';
import type { Id } from '@flotilla/contracts/ids';
import { PostalAddress } from '@flotilla/contracts/orders';
import { type Page, PageQuery } from '@flotilla/contracts/pages';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { RequirePermission } from '../../auth/access.js';
import { FleetClient } from '../../clients/fleet-client.js';
import { OptionalIdempotencyKey } from '../../http/idempotency-key.js';
import { Answers } from '../../http/answers.js';
import { IfMatch, Precondition } from '../../http/precondition.js';

@Controller('users/me/addresses')
export class AddressesController {
  constructor(private readonly fleet: FleetClient) {}

  @Get()
  @RequirePermission('users:read')
  list(@Query() query: PageQuery): Promise<Page<AddressView>> {
    return this.fleet.call(ListAddresses, query);
  }

  @Post()
  @RequirePermission('users:write')
  @Answers({ location: '/users/me/addresses/:id', represents: '/users/me/addresses/:id' })
  add(
    @OptionalIdempotencyKey() idempotencyKey: string,
    @Body() address: PostalAddress,
  ): Promise<Answered<AddressView>> {
    return this.fleet.call(AddAddress, { idempotencyKey, address });
  }

  @Get(':id')
  @RequirePermission('users:read')
  get(@Param('id') addressId: Id<'adr'>): Promise<AddressView> {
    return this.fleet.call(GetAddress, { addressId });
  }

  @Patch(':id')
  @RequirePermission('users:write')
  @Answers({ represents: '/users/me/addresses/:id' })
  async change(
    @Param('id') addressId: Id<'adr'>,
    @IfMatch() precondition: Precondition,
    @Body() changes: ChangeAddressBody,
  ): Promise<AddressView> {
    const version = await precondition.version(() => this.get(addressId));
    return this.fleet.call(ChangeAddress, { addressId, version, changes });
  }

  @Delete(':id')
  @HttpCode(204)
  @RequirePermission('users:write')
  async remove(
    @Param('id') addressId: Id<'adr'>,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    const version = await precondition.version(() => this.get(addressId));
    await this.fleet.call(RemoveAddress, { addressId, version });
  }
}
