import createClient, { type Client } from 'openapi-fetch';
import { type paths, TAKING_KEYS } from './api.js';
import { type RetryOptions, retrying } from './retries.js';

/** An access token, or how to get one that is good now. */
type AccessToken = string | (() => string | Promise<string>);

/** Who calls: an API key, or somebody who signed in; nobody, for what is public. */
export type Credential =
  | { apiKey: string; accessToken?: never }
  | { apiKey?: never; accessToken: AccessToken }
  | { apiKey?: never; accessToken?: never };

export type FlotillaOptions = Credential &
  RetryOptions & {
    /** Of a gateway, such as `https://shop.example`. */
    url: string;
  };

export type Flotilla = Client<paths, 'application/json'>;

/**
 * A client of the API in version 2, typed by its OpenAPI document: `client.GET('/orders/{id}', …)` resolves to `{ data }` or
 * `{ error }`, which `answer` makes a value or a `ProblemError`.
 *
 * Requests that may be sent again are, after outages and limits (see `RetryOptions`). What creates something gets an
 * `Idempotency-Key` where the caller gives none, so that it is created once however often it is sent.
 */
export function flotilla({ url, apiKey, accessToken, ...retries }: FlotillaOptions): Flotilla {
  const client = createClient<paths, 'application/json'>({
    baseUrl: new URL('/api/v2', url).href,
    fetch: retrying(fetch, retries),
  });
  client.use({
    onRequest: async ({ request, schemaPath }) => {
      if (apiKey !== undefined) request.headers.set('x-api-key', apiKey);
      if (accessToken !== undefined) {
        const token = typeof accessToken === 'function' ? await accessToken() : accessToken;
        request.headers.set('authorization', `Bearer ${token}`);
      }
      const creates = request.method === 'POST' && TAKING_KEYS.has(schemaPath);
      if (creates && !request.headers.has('idempotency-key')) {
        request.headers.set('idempotency-key', crypto.randomUUID());
      }
    },
  });
  return client;
}
