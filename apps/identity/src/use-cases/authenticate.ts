import type { AccountView } from '@flotilla/contracts/identity';
import { Injectable } from '@nestjs/common';
import { toView, type User } from '../domain/user.js';
import { AccountsUnitOfWork, Passwords } from './ports.js';

/** Finds out whose address and password these are. Whoever calls it limits how often that is tried. */
@Injectable()
export class Authenticate {
  constructor(
    private readonly passwords: Passwords,
    private readonly unitOfWork: AccountsUnitOfWork,
  ) {}

  /**
   * The account; undefined for an unknown address, a wrong password and a disabled account alike, after the same time.
   * @throws AppError `unavailable`
   */
  async execute(email: string, password: string): Promise<AccountView | undefined> {
    const user = await this.unitOfWork.run((accounts) =>
      accounts.findByEmail(email.trim().toLowerCase()),
    );
    const matches = await this.passwords.matches(password, user?.passwordHash);
    if (!user || !matches || user.disabledAt) return undefined;
    if (this.passwords.isOutdated(user.passwordHash)) await this.rehash(user, password);
    return toView(user);
  }

  /** Only now, as only now the password is known. */
  private async rehash({ id, passwordHash: old }: User, text: string): Promise<void> {
    const passwordHash = await this.passwords.hash({ text });
    await this.unitOfWork.run(async (accounts) => {
      const user = await accounts.find(id);
      if (user?.passwordHash === old) await accounts.save({ ...user, passwordHash });
    });
  }
}
