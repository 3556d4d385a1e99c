import { randomBytes } from 'node:crypto';
import type { Actor } from '@flotilla/contracts/actor';
import { type AccountView, EnsureAccount, EraseUser } from '@flotilla/contracts/identity';
import { Operator } from '../../operator.js';
import type { Figures, Measurement, Mode, PreparedMode } from '../mode.js';
import type { Target } from '../target.js';
import { BenchClient } from './bench-client.js';
import { IdentityLoad, type IdentitySettings } from './identity-load.js';

/** Enough that none is signed in to more often at the same time than the gate of identity lets anybody try. */
const ACCOUNTS = 32;
/** The most sign-ins at once: from one address no more may be under way. */
const MOST_SIGN_INS = 16;

/** Tokens by client credentials; besides, in the same round, sign-ins, and reads with a token and without. */
export const identity: Mode = {
  name: 'identity',
  summary: 'access tokens by client credentials; sign-ins; what a token costs the gateway',
  load: (settings) => new IdentityLoad(settings as IdentitySettings),
  prepare: (target) => PreparedIdentity.open(target),
};

class PreparedIdentity implements PreparedMode {
  private constructor(
    private readonly target: Target,
    private readonly client: BenchClient,
    private readonly accounts: readonly AccountView[],
    private readonly password: string,
    private readonly sku: string,
  ) {}

  static async open(target: Target): Promise<PreparedIdentity> {
    const sku = `BENCH-${target.run}-identity`;
    const catalogue = `sku,name,price_amount,price_currency,on_hand\n${sku},Bench,1999,EUR,1`;
    await target.gateway.importCatalogue(catalogue, 'text/csv');
    const client = await BenchClient.register(target, 'orders:read');
    const password = randomBytes(24).toString('base64url');
    const accounts = await makeAccounts(target, password);
    return new PreparedIdentity(target, client, accounts, password, sku);
  }

  async measure({ concurrency, seconds }: Measurement): Promise<Figures> {
    const { clientId, clientSecret } = this.client;
    const measure = (settings: IdentitySettings, workers = concurrency) =>
      this.load(settings, { concurrency: workers, seconds });
    const tokens = await measure({ kind: 'tokens', clientId, clientSecret });
    const emails = this.accounts.map(({ email }) => email);
    const signIns = await measure(
      { kind: 'sign-ins', emails, password: this.password },
      Math.min(concurrency, MOST_SIGN_INS),
    );
    const path = `/api/products/${this.sku}`;
    const without = await measure({ kind: 'reads', path });
    const accessToken = await this.client.accessToken();
    const withToken = await measure({ kind: 'reads', path, accessToken });
    const [cost, least] = [withToken, without].map(({ byProcess }) => byProcess?.gateway);
    return {
      ...tokens,
      signInsPerSecond: signIns.perSecond,
      cpuMsPerSignIn: signIns.cpuMsPerOp,
      ...(cost !== undefined && least !== undefined && { guardCpuMs: cost - least }),
    };
  }

  /** Of the audit trail, to which all of this belongs, nothing is ever removed. */
  async close(): Promise<void> {
    const { fleet, gateway } = this.target;
    if (!fleet.isLasting) return;
    await gateway.request(`/api/products/${this.sku}`, { method: 'DELETE' });
    await this.client.remove();
    const operator = await Operator.connect(fleet.natsUrl);
    try {
      for (const { id: userId } of this.accounts) {
        const actor: Actor = { userId, mode: 'live', permissions: [] };
        await operator.call(EraseUser, { userId }, actor);
      }
    } finally {
      await operator.close();
    }
  }

  private async load(settings: IdentitySettings, measurement: Measurement): Promise<Figures> {
    const loading = { mode: identity.name, settings, ...measurement };
    return (await this.target.load(loading)).figures;
  }
}

/** By an operator: those who register by themselves are limited. */
async function makeAccounts(target: Target, password: string): Promise<AccountView[]> {
  const operator = await Operator.connect(target.fleet.natsUrl);
  const accounts: AccountView[] = [];
  try {
    for (let index = 0; index < ACCOUNTS; index += 1) {
      const email = `bench-${target.run}-${index}@bench.flotilla.example`;
      const account = { email, password, firstName: 'Bench', lastName: target.run } as const;
      accounts.push(await operator.call(EnsureAccount, { ...account, role: 'customer' }));
    }
  } finally {
    await operator.close();
  }
  return accounts;
}
