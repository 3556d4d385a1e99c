import type { CreatedApiKey, RevokedApiKey } from '@flotilla/contracts/api-keys';
import type { Target } from '../target.js';
import { BenchClient } from './bench-client.js';

/** Headers that say who asks. */
export type Credentials = Record<string, string>[];

/** Keys whose limit is charged in Redis each time, a key whose limit is spent here, and an access token. */
export type Reader = 'redis' | 'local' | 'token';

/** Below 1,000 in its window a limit is charged in Redis for each request; more keys, so that none is ever used up. */
const COUNTED = { limit: 999, windowSeconds: 1 };
const COUNTED_KEYS = 16;
/** Large enough to be spent from blocks that are charged in advance. */
const PREPAID = { limit: 10_000_000, windowSeconds: 60 };

/** Who reads, and what. */
export class GatewayGuests {
  private constructor(
    private readonly target: Target,
    readonly path: string,
    private readonly client: BenchClient,
    readonly credentials: Record<Reader, Credentials>,
    private readonly keyIds: readonly string[],
  ) {}

  static async make(target: Target): Promise<GatewayGuests> {
    const sku = `BENCH-${target.run}-read`;
    await target.create('/api/products', {
      sku,
      name: 'Bench',
      price: { amount: 1, currency: 'EUR' },
    });
    const prepaid = await makeKey(target, PREPAID);
    const counted: CreatedApiKey[] = [];
    for (let n = 0; n < COUNTED_KEYS; n += 1) counted.push(await makeKey(target, COUNTED));
    const client = await BenchClient.register(target, 'inventory:read');
    const headersOf = ({ key }: CreatedApiKey) => ({ 'x-api-key': key! });
    return new GatewayGuests(
      target,
      `/api/products/${sku}`,
      client,
      {
        redis: counted.map(headersOf),
        local: [headersOf(prepaid)],
        token: [{ authorization: `Bearer ${await client.accessToken()}` }],
      },
      [prepaid, ...counted].map(({ id }) => id),
    );
  }

  /** A key that nobody uses. */
  async makeKey(): Promise<string> {
    return (await makeKey(this.target, PREPAID)).id;
  }

  /** Answers how many gateways the receipt names. */
  async revoke(id: string): Promise<number> {
    const path = `/api/api-keys/${id}`;
    const { body } = await this.target.gateway.request<RevokedApiKey>(path, { method: 'DELETE' });
    return Number(body.effectiveOn.split('/')[1]);
  }

  /** Nobody is to find what was there to be measured. */
  async leave(): Promise<void> {
    if (!this.target.fleet.isLasting) return;
    for (const id of this.keyIds) await this.revoke(id);
    await this.target.gateway.request(this.path, { method: 'DELETE' });
    await this.client.remove();
  }
}

function makeKey(target: Target, rateLimit: object): Promise<CreatedApiKey> {
  const key = { name: 'bench', mode: 'live', permissions: ['inventory:read'], rateLimit };
  return target.create('/api/api-keys', key);
}
