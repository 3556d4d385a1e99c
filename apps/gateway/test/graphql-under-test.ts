import { type GatewayUnderTest, gatewayUnderTest } from './gateway-under-test.js';
import { ShopStandIn } from './shop-stand-in.js';

/** What `POST /graphql` answered. */
export interface GraphqlAnswer {
  status: number;
  headers: Headers;
  body: {
    data?: Record<string, unknown> | null;
    errors?: { message: string; path?: string[]; extensions: Record<string, unknown> }[];
    /** Of a problem. */
    code?: string;
  };
}

/** A gateway with a shop behind it, and a client that asks it by GraphQL. */
export class GraphqlUnderTest {
  private constructor(
    readonly gateway: GatewayUnderTest,
    readonly shop: ShopStandIn,
    /** A key with every permission. */
    readonly key: string,
  ) {}

  static async start(env?: Record<string, string>): Promise<GraphqlUnderTest> {
    const gateway = await gatewayUnderTest(env);
    const shop = await ShopStandIn.open(gateway.services);
    return new GraphqlUnderTest(gateway, shop, gateway.key());
  }

  /** Posts a body as it is, or as JSON. */
  async send(
    body: unknown,
    key: string | undefined = this.key,
    headers: Record<string, string> = {},
  ): Promise<GraphqlAnswer> {
    const response = await this.gateway.fetch('/graphql', {
      method: 'POST',
      key,
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const { status, headers: answered } = response;
    return { status, headers: answered, body: (await response.json()) as GraphqlAnswer['body'] };
  }

  ask(query: string, variables?: object, key?: string): Promise<GraphqlAnswer> {
    return this.send({ query, variables }, key);
  }

  close(): Promise<void> {
    return this.gateway.close();
  }
}

/** The codes of an answer's errors. */
export function codes({ body }: GraphqlAnswer): unknown[] | undefined {
  return body.errors?.map(({ extensions }) => extensions.code);
}

/** The rules that an operation has broken. */
export function rules({ body }: GraphqlAnswer): string[] | undefined {
  return body.errors?.flatMap(({ extensions }) =>
    (extensions.errors as { code: string }[]).map(({ code }) => code),
  );
}
