import { IsEmail, IsIn, IsString, MaxLength, MinLength } from 'class-validator';
import { type Role, ROLES } from './actor.js';
import type { Id } from './ids.js';
import { operation } from './operation.js';

export interface AccountView {
  id: Id<'usr'>;
  email: string;
  role: Role;
  createdAt: string;
}

/** Opens an account with a role, or finds the one that already has the address. For operators, over NATS only. */
export class EnsureAccountRequest {
  @IsEmail()
  @MaxLength(254)
  email: string;

  @IsString()
  @MinLength(8)
  @MaxLength(128)
  password: string;

  @IsString()
  @MinLength(1)
  @MaxLength(100)
  firstName: string;

  @IsString()
  @MinLength(1)
  @MaxLength(100)
  lastName: string;

  @IsIn(ROLES)
  role: Role;
}

export class AccountIdRequest {
  @IsString()
  userId: Id<'usr'>;
}

export const EnsureAccount = operation<AccountView>()(
  'identity.ensure-account.v1',
  EnsureAccountRequest,
  { idempotent: true },
);
export const GetAccount = operation<AccountView>()('identity.get-account.v1', AccountIdRequest, {
  idempotent: true,
  errors: ['not-found'],
});

/** Events of an account, by type. */
export interface AccountEvents {
  'user.registered': { email: string; firstName: string; lastName: string; role: Role };
}
