import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ListOrders } from '@flotilla/contracts/orders';
import { GetSigningKeys } from '@flotilla/contracts/signing-keys';
import { eventually } from '@flotilla/testing/eventually';
import { type TestRedis, testRedis } from '@flotilla/testing/redis';
import { type GatewayUnderTest, gatewayUnderTest } from '../../test/gateway-under-test.js';
import { ProvingClient, TestIssuer } from '../../test/tokens.js';

const PUBLIC_URL = 'https://shop.example';
const ADDRESS = `${PUBLIC_URL}/api/orders`;

let redis: TestRedis;
let gateways: GatewayUnderTest[];
let client: ProvingClient;
let token: string;

beforeAll(async () => {
  redis = await testRedis();
  const issuer = await TestIssuer.create(PUBLIC_URL);
  const env = { PUBLIC_URL, REDIS_URL: redis.url, REDIS_SILENCE_MS: '10000' };
  gateways = await Promise.all([gatewayUnderTest(env), gatewayUnderTest(env)]);
  for (const { services } of gateways) {
    await services.answer(ListOrders, () => ({ data: [], nextCursor: null, cursors: [] }));
    await services.answer(GetSigningKeys, () => ({ keys: [issuer.publicKey] }));
  }
  client = await ProvingClient.create();
  token = await issuer.token({ cnf: { jkt: client.thumbprint } });
});
afterAll(async () => {
  for (const gateway of gateways ?? []) await gateway.close();
  await redis?.stop();
});

async function use(gateway: GatewayUnderTest, proof: string): Promise<number> {
  const headers = { authorization: `DPoP ${token}`, dpop: proof };
  return (await gateway.fetch('/api/orders', { headers })).status;
}

const isShared = async () => {
  const [one, other] = gateways as [GatewayUnderTest, GatewayUnderTest];
  const proof = await client.proof(ADDRESS, token);
  return (await use(one, proof)) === 200 && (await use(other, proof)) === 401;
};

describe('a proof', () => {
  it('that was used at one gateway is used at all of them', async () => {
    await eventually(isShared);
    const proof = await client.proof(ADDRESS, token);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => use(gateways[index % 2]!, proof)),
    );
    expect(answers.toSorted()).toEqual([200, ...Array<number>(9).fill(401)]);
  });

  it('is still good once at most where it was used while Redis is away, and once in all when it is back', async () => {
    await redis.kill();
    const proof = await client.proof(ADDRESS, token);
    const answers: number[] = [];
    for (const gateway of gateways) {
      answers.push(await use(gateway, proof), await use(gateway, proof));
    }
    expect(answers).toEqual([200, 401, 200, 401]);
    const metrics = await (await fetch(gateways[0]!.metricsUrl)).text();
    expect(metrics).toMatch(/dpop_fallbacks_total\{[^}]*\} [1-9]/);
    await redis.restart();
    await eventually(isShared);
  });
});
