import type { Actor } from '@flotilla/contracts/actor';
import type { Answered } from '@flotilla/contracts/idempotency';
import {
  AccountIdRequest,
  type AccountView,
  ChangeRole,
  ChangeRoleRequest,
  DisableUser,
  EnsureAccount,
  EnsureAccountRequest,
  EraseUser,
  GetAccount,
  RegisterUser,
  RegisterUserRequest,
} from '@flotilla/contracts/identity';
import type { Id } from '@flotilla/contracts/ids';
import type { UserView } from '@flotilla/contracts/users';
import { Caller } from '@flotilla/messaging/caller';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { AccountQueries } from '../repositories/account.queries.js';
import { ChangeRole as RoleChange } from '../use-cases/change-role.js';
import { DisableUser as Disabling } from '../use-cases/disable-user.js';
import { EnsureAccount as Ensuring } from '../use-cases/ensure-account.js';
import { EraseUser as Erasure } from '../use-cases/erase-user.js';
import { RegisterUser as Registration } from '../use-cases/register-user.js';

/** What identity answers over NATS: to the other services and to operators. */
@Controller()
export class IdentityController {
  constructor(
    private readonly registration: Registration,
    private readonly ensuring: Ensuring,
    private readonly roleChange: RoleChange,
    private readonly disabling: Disabling,
    private readonly erasure: Erasure,
    private readonly queries: AccountQueries,
  ) {}

  @MessagePattern(RegisterUser.subject)
  register(@Payload() request: RegisterUserRequest): Promise<Answered<UserView>> {
    return this.registration.execute(request);
  }

  @MessagePattern(EnsureAccount.subject)
  ensure(@Payload() request: EnsureAccountRequest): Promise<AccountView> {
    return this.ensuring.execute(request);
  }

  @MessagePattern(GetAccount.subject)
  get(@Payload() { userId }: AccountIdRequest): Promise<AccountView> {
    return this.queries.get(userId);
  }

  @MessagePattern(ChangeRole.subject)
  changeRole(@Caller() actor: Actor, @Payload() request: ChangeRoleRequest): Promise<AccountView> {
    return this.roleChange.execute(actor, request);
  }

  @MessagePattern(DisableUser.subject)
  disable(@Caller() actor: Actor, @Payload() { userId }: AccountIdRequest): Promise<AccountView> {
    return this.disabling.execute(actor, userId);
  }

  @MessagePattern(EraseUser.subject)
  erase(
    @Caller() actor: Actor,
    @Payload() { userId }: AccountIdRequest,
  ): Promise<{ id: Id<'usr'> }> {
    return this.erasure.execute(actor, userId);
  }
}
