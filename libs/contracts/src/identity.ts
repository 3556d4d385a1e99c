import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsIn, IsNotEmptyObject, IsString, MaxLength, ValidateNested } from 'class-validator';
import { type Role, ROLES } from './actor.js';
import { type Answered, IdempotentRequest } from './idempotency.js';
import type { Id } from './ids.js';
import { MAIL_LOCALES, type MailLocale } from './mail.js';
import { IsNotBlank } from './not-blank.js';
import { operation } from './operation.js';
import { Optional } from './optional.js';
import type { UserView } from './users.js';

/** An account, as the other services may know it. */
export interface AccountView {
  id: Id<'usr'>;
  email: string;
  role: Role;
  /** Raised whenever what was issued before has to stop. */
  credentialVersion: number;
  disabled: boolean;
  createdAt: string;
}

/** The body of `POST /users`. */
export class RegisterUserBody {
  /** Trimmed and lower-cased; at most 254 characters. */
  @IsString()
  email: string;

  /** At least 12 characters, or 8 with upper case, lower case and a digit; at most 128; none that is commonly used. */
  @IsString()
  password: string;

  @IsString()
  @IsNotBlank()
  @MaxLength(100)
  firstName: string;

  @IsString()
  @IsNotBlank()
  @MaxLength(100)
  lastName: string;
}

/** A registration by nobody in particular. */
export class RegisterUserRequest extends IdempotentRequest {
  @IsNotEmptyObject()
  @ValidateNested()
  @Type(() => RegisterUserBody)
  registration: RegisterUserBody;

  /** The language of the welcome mail. */
  @Optional()
  @IsIn(MAIL_LOCALES)
  locale?: MailLocale;
}

/** Opens an account with a role, or finds the one that already has the address. For operators, over NATS only. */
export class EnsureAccountRequest extends RegisterUserBody {
  @IsIn(ROLES)
  role: Role;
}

export class AccountIdRequest {
  @IsString()
  userId: Id<'usr'>;
}

export class ChangeRoleRequest extends AccountIdRequest {
  @IsIn(ROLES)
  role: Role;
}

export const RegisterUser = operation<Answered<UserView>>()(
  'identity.register-user.v1',
  RegisterUserRequest,
  {
    idempotent: false,
    errors: [
      'validation-failed',
      'email-taken',
      'idempotency-key-reuse',
      'idempotency-key-in-flight',
    ],
  },
);
export const EnsureAccount = operation<AccountView>()(
  'identity.ensure-account.v1',
  EnsureAccountRequest,
  { idempotent: true, errors: ['validation-failed'] },
);
export const GetAccount = operation<AccountView>()('identity.get-account.v1', AccountIdRequest, {
  idempotent: true,
  errors: ['not-found'],
});
/** For `users:admin`. */
export const ChangeRole = operation<AccountView>()('identity.change-role.v1', ChangeRoleRequest, {
  idempotent: true,
  errors: ['not-found', 'illegal-transition'],
});
/** Ends everything that speaks for the user, for good. For `users:admin`. */
export const DisableUser = operation<AccountView>()('identity.disable-user.v1', AccountIdRequest, {
  idempotent: true,
  errors: ['not-found', 'illegal-transition'],
});

/** Takes all that is known of a person out of the fleet, for good: oneself, or anybody for `users:admin`. */
export const EraseUser = operation<{ id: Id<'usr'> }>()(
  'identity.erase-user.v1',
  AccountIdRequest,
  { idempotent: false, errors: ['not-found', 'illegal-transition'] },
);

/** Events of an account, by type. Clients are fed the first two; the others are for the fleet itself. */
export interface AccountEvents {
  /** Address and names are null once the user is erased (`personal-data.ts`). */
  'user.registered': {
    email: string | null;
    firstName: string | null;
    lastName: string | null;
    role: Role;
    /** The language to be written to in, where that was said. */
    locale?: MailLocale;
  };
  /** Whoever keeps anything about the person forgets it. */
  'user.erased': Record<string, never>;
  'user.role_changed': { role: Role };
  'user.disabled': Record<string, never>;
}
