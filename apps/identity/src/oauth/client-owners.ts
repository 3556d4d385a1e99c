import { toId } from '@flotilla/contracts/ids';
import { Injectable } from '@nestjs/common';
import { type AccountState, AccountStates } from './account-states.js';
import { ClientRegistry } from './clients/client-registry.js';

/** For whom clients act when they act for themselves. */
@Injectable()
export class ClientOwners {
  constructor(
    private readonly clients: ClientRegistry,
    private readonly accounts: AccountStates,
  ) {}

  /** Undefined when the account is disabled or gone. */
  async ownerOf(clientId: string): Promise<AccountState | undefined> {
    const owner = await this.clients.ownerOf(clientId);
    return owner === null ? undefined : this.accounts.find(toId('usr', owner));
  }
}
