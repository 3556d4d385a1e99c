import {
  AccountIdRequest,
  type AccountView,
  EnsureAccount,
  EnsureAccountRequest,
  GetAccount,
} from '@flotilla/contracts/identity';
import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { Accounts } from '../accounts.js';

/** What identity answers over NATS: to the other services and to operators. */
@Controller()
export class IdentityController {
  constructor(private readonly accounts: Accounts) {}

  @MessagePattern(EnsureAccount.subject)
  ensure(@Payload() request: EnsureAccountRequest): Promise<AccountView> {
    return this.accounts.ensure(request);
  }

  @MessagePattern(GetAccount.subject)
  get(@Payload() { userId }: AccountIdRequest): Promise<AccountView> {
    return this.accounts.get(userId);
  }
}
