import { AppError } from '@flotilla/contracts/errors';
import type { Id } from '@flotilla/contracts/ids';
import { GetUser } from '@flotilla/contracts/users';
import { RpcClient } from '@flotilla/messaging/rpc-client';
import { Injectable } from '@nestjs/common';
import type { Account, AccountClaims as Claims } from 'oidc-provider';
import { AccountStates } from './account-states.js';

/** What clients may learn of a person (OpenID Connect Core §5). */
@Injectable()
export class AccountClaims {
  constructor(
    private readonly accounts: AccountStates,
    private readonly rpc: RpcClient,
  ) {}

  /** Undefined, as the library wants it, for accounts that nobody can use. */
  async account(accountId: string): Promise<Account | undefined> {
    const account = await this.accounts.find(accountId);
    if (!account) return undefined;
    const { id, email, emailVerified } = account;
    return {
      accountId: id,
      claims: async (_use, scope): Promise<Claims> => ({
        sub: id,
        email,
        email_verified: emailVerified,
        ...(scope.split(' ').includes('profile') && (await this.names(id))),
      }),
    };
  }

  /** As users knows them; nothing while it cannot be asked, since nobody is to wait for a name. */
  private async names(userId: Id<'usr'>): Promise<object> {
    try {
      const { displayName, firstName, lastName } = await this.rpc.call(GetUser, { userId });
      return { name: displayName, given_name: firstName, family_name: lastName };
    } catch (error) {
      if (error instanceof AppError) return {};
      throw error;
    }
  }
}
