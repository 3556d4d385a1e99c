import { AppError } from '@flotilla/contracts/errors';
import type { Answered } from '@flotilla/contracts/idempotency';
import { newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import {
  type RegisterUserBody,
  RegisterUser as Operation,
  type RegisterUserRequest,
} from '@flotilla/contracts/identity';
import type { MailLocale } from '@flotilla/contracts/mail';
import { newUser, type UserView } from '@flotilla/contracts/users';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { EmailAddress } from '../domain/email-address.js';
import { allValid } from '@flotilla/contracts/invalid-fields';
import { CommonPasswords, Password } from '../domain/password.js';
import { register } from '../domain/user.js';
import { type AccountsTransaction, AccountsUnitOfWork, Passwords } from './ports.js';

/** Opens the account of somebody who registers; `user.registered` makes the profile and sends the welcome mail. */
@Injectable()
export class RegisterUser {
  constructor(
    private readonly common: CommonPasswords,
    private readonly passwords: Passwords,
    private readonly requests: IdempotentRequests,
    private readonly unitOfWork: AccountsUnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `validation-failed`, `email-taken`, `unavailable`, and what `IdempotentRequests` throws */
  async execute({
    idempotencyKey: key,
    registration,
    locale,
  }: RegisterUserRequest): Promise<Answered<UserView>> {
    const { password: text, ...body } = registration;
    const { email, password } = allValid({
      email: () => EmailAddress.parse(body.email),
      password: () => Password.choose(text, this.common),
    });
    const passwordHash = await this.passwords.hash(password);
    // Without the password: what requests are compared by is a fast hash, which would give it away.
    const request = { actor: null, key, operation: Operation.subject, body };
    const answered = await this.requests.once(request, (tx) =>
      this.open(this.unitOfWork.within(tx), { ...body, email, passwordHash, locale }),
    );
    if (answered.replayed) await this.assertSamePassword(answered.answer, text);
    return answered;
  }

  private async open(
    accounts: AccountsTransaction,
    given: Pick<RegisterUserBody, 'firstName' | 'lastName'> & {
      email: EmailAddress;
      passwordHash: string;
      locale?: MailLocale;
    },
  ): Promise<UserView> {
    const at = this.clock.now();
    const { user, events } = register({
      ...given,
      id: newUuid(at.getTime()),
      role: 'customer',
      at,
    });
    await accounts.save(user);
    await accounts.append(user, events, at);
    const { firstName, lastName } = given;
    const { email, createdAt } = user;
    const id = toId('usr', user.id);
    return newUser({ id, email, firstName, lastName, createdAt: createdAt.toISOString() });
  }

  private async assertSamePassword({ id }: UserView, text: string): Promise<void> {
    const user = await this.unitOfWork.run((accounts) => accounts.find(toUuid('usr', id)));
    if (await this.passwords.matches(text, user?.passwordHash)) return;
    throw new AppError(
      'idempotency-key-reuse',
      'The Idempotency-Key was already used for another request.',
    );
  }
}
