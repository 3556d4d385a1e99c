import { isAppError } from '@flotilla/contracts/errors';
import { newUuid } from '@flotilla/contracts/ids';
import type { AccountView, EnsureAccountRequest } from '@flotilla/contracts/identity';
import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { EmailAddress } from '../domain/email-address.js';
import { allValid } from '@flotilla/contracts/invalid-fields';
import { CommonPasswords, Password } from '../domain/password.js';
import { register, toView, type User } from '../domain/user.js';
import { AccountsUnitOfWork, Passwords } from './ports.js';

/** Opens an account with a role, or finds the one that already has the address, and leaves it as it is. */
@Injectable()
export class EnsureAccount {
  constructor(
    private readonly common: CommonPasswords,
    private readonly passwords: Passwords,
    private readonly unitOfWork: AccountsUnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `validation-failed`, `unavailable` */
  async execute(request: EnsureAccountRequest): Promise<AccountView> {
    const { email, password } = allValid({
      email: () => EmailAddress.parse(request.email),
      password: () => Password.choose(request.password, this.common),
    });
    const existing = await this.find(email);
    if (existing) return toView(existing);
    const passwordHash = await this.passwords.hash(password);
    try {
      return toView(await this.open(request, email, passwordHash));
    } catch (error) {
      // Somebody else opened it since we looked.
      if (!isAppError(error, 'email-taken')) throw error;
      return toView((await this.find(email))!);
    }
  }

  private find(email: EmailAddress): Promise<User | null> {
    return this.unitOfWork.run((accounts) => accounts.findByEmail(email.text));
  }

  private open(
    { firstName, lastName, role }: EnsureAccountRequest,
    email: EmailAddress,
    passwordHash: string,
  ): Promise<User> {
    const at = this.clock.now();
    const id = newUuid(at.getTime());
    const opened = register({ id, email, passwordHash, firstName, lastName, role, at });
    return this.unitOfWork.run(async (accounts) => {
      await accounts.save(opened.user);
      await accounts.append(opened.user, opened.events, at);
      return opened.user;
    });
  }
}
