/** The API in version 2, as openapi-typescript reads it from docs/api/openapi-v2.json: `npm run openapi`. */
export interface paths {
  '/api-keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List
     * @description Needs the permission `api-keys:read`.
     */
    get: operations['api-keys.list'];
    put?: never;
    /**
     * Create
     * @description The only answer with the key itself, which therefore nobody may store; a repetition goes without it.
     *
     *     Needs the permission `api-keys:write`.
     */
    post: operations['api-keys.create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api-keys/verify': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Verify
     * @description For other services of the user's own. Only the hash of the key leaves the gateway.
     *
     *     Needs the permission `api-keys:read`.
     */
    post: operations['api-keys.verify'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api-keys/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get
     * @description Needs the permission `api-keys:read`.
     */
    get: operations['api-keys.get'];
    put?: never;
    post?: never;
    /**
     * Revoke
     * @description Needs the permission `api-keys:write`.
     */
    delete: operations['api-keys.revoke'];
    options?: never;
    head?: never;
    /**
     * Change
     * @description Needs the permission `api-keys:write`.
     */
    patch: operations['api-keys.change'];
    trace?: never;
  };
  '/api-keys/{id}/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Rotate
     * @description Like a creation, of a key that takes the place of this one.
     *
     *     Needs the permission `api-keys:write`.
     */
    post: operations['api-keys.rotate'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api-keys/{id}/usage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Usage
     * @description Needs the permission `api-keys:read`.
     */
    get: operations['api-keys.usage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/audit-events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List
     * @description What has happened that matters to security, newest first.
     *
     *     Needs the permission `users:admin`.
     */
    get: operations['audit-events.list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List
     * @description What has happened, oldest first, in an order that never changes: whoever reads on from the last event misses none.
     *
     *     Needs the permission `events:read`.
     */
    get: operations['events.list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory/import': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Import
     * @description Needs the permission `inventory:write`.
     */
    post: operations['inventory.import'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory/{sku}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Stock
     * @description Needs the permission `inventory:read`.
     */
    get: operations['inventory.stock'];
    /**
     * Recount
     * @description Needs the permission `inventory:write`.
     */
    put: operations['inventory.recount'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory/{sku}/adjustments': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Adjust
     * @description Needs the permission `inventory:write`.
     */
    post: operations['inventory.adjust'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory/{sku}/explain': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Explain
     * @description Needs the permission `inventory:read`.
     */
    get: operations['inventory.explain'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/inventory/{sku}/movements': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Movements
     * @description Needs the permission `inventory:read`.
     */
    get: operations['inventory.movements'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/oauth-clients': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List
     * @description Needs the permission `oauth-clients:admin`.
     */
    get: operations['oauth-clients.list'];
    put?: never;
    /**
     * Create
     * @description Registers a client that the caller owns. The only answer with its secret; a repetition goes without it.
     *
     *     Needs the permission `oauth-clients:admin`.
     */
    post: operations['oauth-clients.create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/oauth-clients/initial-access-tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Issue initial access token
     * @description A token for `/oauth/register`, with which others register clients in the caller's name for a day.
     *
     *     Needs the permission `oauth-clients:admin`.
     */
    post: operations['oauth-clients.issueInitialAccessToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/oauth-clients/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get
     * @description Needs the permission `oauth-clients:admin`.
     */
    get: operations['oauth-clients.get'];
    put?: never;
    post?: never;
    /**
     * Remove
     * @description Removes a client; everything that was given to it stops working.
     *
     *     Needs the permission `oauth-clients:admin`.
     */
    delete: operations['oauth-clients.remove'];
    options?: never;
    head?: never;
    /**
     * Change
     * @description Needs the permission `oauth-clients:admin`.
     */
    patch: operations['oauth-clients.change'];
    trace?: never;
  };
  '/oauth-clients/{id}/rotate-secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Rotate secret
     * @description Another secret, shown once; the one of before is good for `overlapSeconds` more, none unless told so.
     *
     *     Needs the permission `oauth-clients:admin`.
     */
    post: operations['oauth-clients.rotateSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List
     * @description Needs the permission `orders:read` or `orders:admin`.
     */
    get: operations['orders.list'];
    put?: never;
    /**
     * Place
     * @description Needs the permission `orders:write`.
     */
    post: operations['orders.place'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get
     * @description Needs the permission `orders:read` or `orders:admin`.
     */
    get: operations['orders.get'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancel
     * @description Needs the permission `orders:write` or `orders:admin`.
     */
    post: operations['orders.cancel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/confirm': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Confirm
     * @description Needs the permission `orders:write` or `orders:admin`.
     */
    post: operations['orders.confirm'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Events
     * @description Needs the permission `orders:read` or `orders:admin`.
     */
    get: operations['orders.events'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/fulfillments': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Fulfill
     * @description Needs the permission `orders:admin`.
     */
    post: operations['orders.fulfill'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/payments': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Pay
     * @description Needs the permission `orders:admin`.
     */
    post: operations['orders.pay'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/refunds': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Refund
     * @description Needs the permission `orders:admin`.
     */
    post: operations['orders.refund'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/orders/{id}/returns': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take back
     * @description Needs the permission `orders:admin`.
     */
    post: operations['orders.takeBack'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/products': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List
     * @description Open to everybody.
     */
    get: operations['products.list'];
    put?: never;
    /**
     * Create
     * @description Needs the permission `inventory:write`.
     */
    post: operations['products.create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/products/{sku}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get
     * @description Open to everybody.
     */
    get: operations['products.get'];
    put?: never;
    post?: never;
    /**
     * Archive
     * @description Needs the permission `inventory:write`.
     */
    delete: operations['products.archive'];
    options?: never;
    head?: never;
    /**
     * Change
     * @description Needs the permission `inventory:write`.
     */
    patch: operations['products.change'];
    trace?: never;
  };
  '/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List
     * @description Needs the permission `users:admin`.
     */
    get: operations['users.list'];
    put?: never;
    /**
     * Register
     * @description Open to everybody.
     */
    post: operations['users.register'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/users/me': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Me
     * @description Needs the permission `users:read` or `users:admin`.
     */
    get: operations['users.me'];
    put?: never;
    post?: never;
    /**
     * Erase me
     * @description Begun when it is answered: from then on nothing speaks for the user, and what is kept elsewhere goes as it is heard.
     *
     *     Needs the permission `users:write` or `users:admin`.
     */
    delete: operations['users.eraseMe'];
    options?: never;
    head?: never;
    /**
     * Change me
     * @description Needs the permission `users:write` or `users:admin`.
     */
    patch: operations['users.changeMe'];
    trace?: never;
  };
  '/users/me/addresses': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List
     * @description Needs the permission `users:read`.
     */
    get: operations['addresses.list'];
    put?: never;
    /**
     * Add
     * @description Needs the permission `users:write`.
     */
    post: operations['addresses.add'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/users/me/addresses/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get
     * @description Needs the permission `users:read`.
     */
    get: operations['addresses.get'];
    put?: never;
    post?: never;
    /**
     * Remove
     * @description Needs the permission `users:write`.
     */
    delete: operations['addresses.remove'];
    options?: never;
    head?: never;
    /**
     * Change
     * @description Needs the permission `users:write`.
     */
    patch: operations['addresses.change'];
    trace?: never;
  };
  '/users/me/grants': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List
     * @description Needs the permission `users:read`.
     */
    get: operations['grants.list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/users/me/grants/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Withdraw
     * @description Takes a consent back: when it answers, no gateway accepts a token that was given for it.
     *
     *     Needs the permission `users:write`.
     */
    delete: operations['grants.withdraw'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/users/me/preferences': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get
     * @description Needs the permission `users:read`.
     */
    get: operations['preferences.get'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Change
     * @description Needs the permission `users:write`.
     */
    patch: operations['preferences.change'];
    trace?: never;
  };
  '/users/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get
     * @description Needs the permission `users:read` or `users:admin`.
     */
    get: operations['users.get'];
    put?: never;
    post?: never;
    /**
     * Erase
     * @description Needs the permission `users:admin`.
     */
    delete: operations['users.erase'];
    options?: never;
    head?: never;
    /**
     * Change
     * @description The role first, as it alone can be refused once both are known to be valid; the profile then at whatever version.
     *
     *     Needs the permission `users:admin`.
     */
    patch: operations['users.change'];
    trace?: never;
  };
  '/users/{id}/disable': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Disable
     * @description Needs the permission `users:admin`.
     */
    post: operations['users.disable'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhook-endpoints': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List
     * @description Needs the permission `webhooks:read`.
     */
    get: operations['webhook-endpoints.list'];
    put?: never;
    /**
     * Create
     * @description Hears of the caller's own things, or with `events:read` of everybody's. The only answer with the secret; a repetition goes without it.
     *
     *     Needs the permission `webhooks:write`.
     */
    post: operations['webhook-endpoints.create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhook-endpoints/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Get
     * @description Needs the permission `webhooks:read`.
     */
    get: operations['webhook-endpoints.get'];
    put?: never;
    post?: never;
    /**
     * Remove
     * @description Needs the permission `webhooks:write`.
     */
    delete: operations['webhook-endpoints.remove'];
    options?: never;
    head?: never;
    /**
     * Change
     * @description Needs the permission `webhooks:write`.
     */
    patch: operations['webhook-endpoints.change'];
    trace?: never;
  };
  '/webhook-endpoints/{id}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Deliveries
     * @description What was sent in the last 30 days and what came of it, newest first.
     *
     *     Needs the permission `webhooks:read`.
     */
    get: operations['webhook-endpoints.deliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhook-endpoints/{id}/deliveries/{deliveryId}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Retry
     * @description Sends once more what was delivered or given up, for another three days if need be.
     *
     *     Needs the permission `webhooks:write`.
     */
    post: operations['webhook-endpoints.retry'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhook-endpoints/{id}/rotate-secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Rotate secret
     * @description Another secret, shown once; messages are signed with both until the overlap is over.
     *
     *     Needs the permission `webhooks:write`.
     */
    post: operations['webhook-endpoints.rotateSecret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/webhook-endpoints/{id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Test
     * @description Sends a message of the type `webhook.test` at once; the log tells what came of it.
     *
     *     Needs the permission `webhooks:write`.
     */
    post: operations['webhook-endpoints.test'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description An address that a user keeps. */
    AddressView: {
      id: string;
      /** @example Darjeeling */
      name: string;
      /** @example 12 St James’s Square */
      line1: string;
      line2: string | null;
      /** @example London */
      city: string;
      region: string | null;
      /** @example SW1Y 4JH */
      postalCode: string;
      /**
       * @description ISO 3166-1 alpha-2.
       * @example GB
       */
      country: string;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      updatedAt: string;
      /** @example 1 */
      version: number;
    };
    /** @description One page of a list, newest first. `nextCursor` is null on the last one. */
    AddressViewPage: {
      data: components['schemas']['AddressView'][];
      /** @example eyJhIjoyMX0 */
      nextCursor: string | null;
    };
    /** @description The body of `POST /inventory/{sku}/adjustments`: so many units more, or less. */
    AdjustStockBody: {
      /** @example 24 */
      delta: number;
      /** @example delivery 2026-117 */
      reason: string;
    };
    ApiKeyView: {
      id: string;
      /** @description `sk_live_` or `sk_test_` and the first four characters: enough to recognise it by. */
      prefix: string;
      /** @example Darjeeling */
      name: string;
      /** @enum {string} */
      mode: 'live' | 'test';
      permissions: (
        | 'users:read'
        | 'users:write'
        | 'users:admin'
        | 'orders:read'
        | 'orders:write'
        | 'orders:admin'
        | 'inventory:read'
        | 'inventory:write'
        | 'api-keys:read'
        | 'api-keys:write'
        | 'webhooks:read'
        | 'webhooks:write'
        | 'events:read'
        | 'oauth-clients:admin'
      )[];
      rateLimit: components['schemas']['RateLimit'] | null;
      quota: components['schemas']['Quota'] | null;
      allowedIps: string[] | null;
      /**
       * Format: date-time
       * @example 2026-12-31T23:59:59.000Z
       */
      expiresAt: string | null;
      /** Format: date-time */
      revokedAt: string | null;
      /**
       * Format: date-time
       * @description As of a second ago.
       */
      lastUsedAt: string | null;
      /** @description Requests so far, as of a second ago. */
      usageCount: number;
      /** @example 1 */
      version: number;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      createdAt: string;
    };
    /** @description One page of a list, newest first. `nextCursor` is null on the last one. */
    ApiKeyViewPage: {
      data: components['schemas']['ApiKeyView'][];
      /** @example eyJhIjoyMX0 */
      nextCursor: string | null;
    };
    /** @description One entry of the audit trail. */
    AuditEventView: {
      id: string;
      /** @enum {string} */
      type:
        | 'account.registered'
        | 'account.role-changed'
        | 'account.disabled'
        | 'account.erased'
        | 'email.confirmed'
        | 'sign-in.password'
        | 'sign-in.second-factor'
        | 'sign-in.recovery-code'
        | 'sign-in.passkey'
        | 'sign-in.completed'
        | 'sign-out'
        | 'password.reset-requested'
        | 'password.reset'
        | 'second-factor.enrolled'
        | 'second-factor.removed'
        | 'recovery-codes.renewed'
        | 'passkey.added'
        | 'passkey.removed'
        | 'session.ended'
        | 'grant.given'
        | 'grant.refused'
        | 'grant.revoked'
        | 'device.connected'
        | 'device.refused'
        | 'token.issued'
        | 'token.revoked'
        | 'token.reused'
        | 'client.authentication'
        | 'client.registration-allowed'
        | 'client.created'
        | 'client.changed'
        | 'client.secret-rotated'
        | 'client.deleted'
        | 'signing-keys.rotated';
      /** @enum {string} */
      outcome: 'success' | 'failure';
      /** @description The user that it happened to. */
      userId: string | null;
      /** @description Who did it: a user id, a client id, `system` or `anonymous`; the key that a user did it with is in the details. */
      actor: string;
      /** @description The IP address that it came from. */
      address: string | null;
      clientId: string | null;
      details: {
        [key: string]: string | number | boolean;
      };
      /** Format: date-time */
      occurredAt: string;
    };
    /** @description One page of a list, newest first. `nextCursor` is null on the last one. */
    AuditEventViewPage: {
      data: components['schemas']['AuditEventView'][];
      /** @example eyJhIjoyMX0 */
      nextCursor: string | null;
    };
    /** @description The body of `POST /orders/{id}/cancel`. */
    CancelOrderBody: {
      /** @example delivery 2026-117 */
      reason?: string;
    };
    /** @description The body of `PATCH /users/me/addresses/{id}`: what is left out stays; null takes the second line or the region away. */
    ChangeAddressBody: {
      /** @example Darjeeling */
      name?: string;
      /** @example 12 St James’s Square */
      line1?: string;
      line2?: string | null;
      /** @example London */
      city?: string;
      region?: string | null;
      /** @example SW1Y 4JH */
      postalCode?: string;
      /**
       * @description ISO 3166-1 alpha-2.
       * @example GB
       */
      country?: string;
    };
    /** @description The body of `PATCH /api-keys/{id}`; null takes a limit away. */
    ChangeApiKeyBody: {
      /** @example Darjeeling */
      name?: string;
      permissions?: (
        | 'users:read'
        | 'users:write'
        | 'users:admin'
        | 'orders:read'
        | 'orders:write'
        | 'orders:admin'
        | 'inventory:read'
        | 'inventory:write'
        | 'api-keys:read'
        | 'api-keys:write'
        | 'webhooks:read'
        | 'webhooks:write'
        | 'events:read'
        | 'oauth-clients:admin'
      )[];
      rateLimit?: components['schemas']['RateLimit'] | null;
      quota?: components['schemas']['Quota'] | null;
      allowedIps?: string[] | null;
      /**
       * Format: date-time
       * @example 2026-12-31T23:59:59.000Z
       */
      expiresAt?: string | null;
    };
    /** @description The body of `PATCH /users/me/preferences`: what is left out stays. */
    ChangePreferencesBody: {
      /**
       * @description BCP 47.
       * @example en-GB
       */
      locale?: string;
      /**
       * @description ISO 4217.
       * @example EUR
       */
      currency?: string;
      /**
       * @description A name of the IANA time zone database.
       * @example Europe/London
       */
      timezone?: string;
      emailOrderUpdates?: boolean;
    };
    /** @description The body of `PATCH /products/{sku}`: what is left out stays; null takes the description away. */
    ChangeProductBody: {
      /** @example Darjeeling */
      name?: string;
      /** @example First flush, 100 g */
      description?: string | null;
      price?: components['schemas']['Money'];
      /** @description All of them: they replace those before. */
      attributes?: {
        [key: string]: unknown;
      };
      /**
       * @description `active` brings an archived product back.
       * @enum {string}
       */
      status?: 'active' | 'archived';
    };
    /** @description The body of `PATCH /users/me`: what is left out stays. */
    ChangeProfileBody: {
      /** @example Ada */
      firstName?: string;
      /** @example Lovelace */
      lastName?: string;
      /**
       * @description First and last name, until it is chosen.
       * @example Ada
       */
      displayName?: string;
    };
    /** @description The body of `PATCH /users/{id}`: what is left out stays. */
    ChangeUserBody: {
      /**
       * @description What the user may do at most; a lower role ends tokens and sessions of a higher one.
       * @enum {string}
       */
      role?: 'customer' | 'staff' | 'admin';
      /** @example Ada */
      firstName?: string;
      /** @example Lovelace */
      lastName?: string;
      /**
       * @description First and last name, until it is chosen.
       * @example Ada
       */
      displayName?: string;
    };
    /** @description The body of `PATCH /webhook-endpoints/{id}`. */
    ChangeWebhookEndpointBody: {
      /** @example https://shop.example.com/hooks/flotilla */
      url?: string;
      events?: string[];
      /** @example First flush, 100 g */
      description?: string | null;
      /** @description False stops deliveries; true begins with what happens from now on. */
      enabled?: boolean;
    };
    /** @description The body of `POST /api-keys`. */
    CreateApiKeyBody: {
      /** @example Darjeeling */
      name: string;
      /** @enum {string} */
      mode: 'live' | 'test';
      permissions: (
        | 'users:read'
        | 'users:write'
        | 'users:admin'
        | 'orders:read'
        | 'orders:write'
        | 'orders:admin'
        | 'inventory:read'
        | 'inventory:write'
        | 'api-keys:read'
        | 'api-keys:write'
        | 'webhooks:read'
        | 'webhooks:write'
        | 'events:read'
        | 'oauth-clients:admin'
      )[];
      rateLimit?: components['schemas']['RateLimit'];
      quota?: components['schemas']['Quota'];
      /** @description The networks that the key works from; from anywhere when left out. */
      allowedIps?: string[];
      /**
       * Format: date-time
       * @example 2026-12-31T23:59:59.000Z
       */
      expiresAt?: string;
    };
    CreateOAuthClientBody: {
      /** @description What people read when they are asked for their consent. */
      clientName: string;
      /** @description Where people are sent back to: compared as they are, but for the port of loopback addresses of native clients. */
      redirectUris?: string[];
      grantTypes?: (
        | 'authorization_code'
        | 'refresh_token'
        | 'client_credentials'
        | 'urn:ietf:params:oauth:grant-type:device_code'
      )[];
      /** @description The most that the client may ask for. */
      scopes?: (
        | 'users:read'
        | 'users:write'
        | 'users:admin'
        | 'orders:read'
        | 'orders:write'
        | 'orders:admin'
        | 'inventory:read'
        | 'inventory:write'
        | 'api-keys:read'
        | 'api-keys:write'
        | 'webhooks:read'
        | 'webhooks:write'
        | 'events:read'
        | 'oauth-clients:admin'
        | 'openid'
        | 'profile'
        | 'email'
        | 'offline_access'
      )[];
      /** @enum {string} */
      tokenEndpointAuthMethod?:
        'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none';
      /** @description Where people may be sent after they have signed out. */
      postLogoutRedirectUris?: string[];
      /** @description Told of every session that ends (OpenID Connect Back-Channel Logout 1.0). */
      backchannelLogoutUri?: string;
      /** @description Public keys of a client that authenticates by `private_key_jwt`, as JSON Web Key Set. */
      jwks?: {
        keys: Record<string, never>[];
      };
      /** @description Where they are, instead of `jwks`. */
      jwksUri?: string;
      /** @description Whether its access tokens are bound to a key of the client (RFC 9449 §5.2). */
      dpopBoundAccessTokens?: boolean;
    };
    /** @description The body of `POST /products`. */
    CreateProductBody: {
      /** @example TEA-DARJEELING-100 */
      sku: string;
      /** @example Darjeeling */
      name: string;
      /** @example First flush, 100 g */
      description?: string | null;
      price: components['schemas']['Money'];
      /** @description The seller's own data, at most 16 KiB of JSON. `lowStockThreshold`, units, says when stock is low: 5 without it. */
      attributes?: {
        [key: string]: unknown;
      };
      /** @example 100 */
      initialStock?: number;
    };
    /** @description The body of `POST /webhook-endpoints`. */
    CreateWebhookEndpointBody: {
      /**
       * @description Where events are posted to: `https:`, at a public address.
       * @example https://shop.example.com/hooks/flotilla
       */
      url: string;
      /** @description Types of events (`order.paid`), families (`order.*`), or `*`. */
      events: string[];
      /** @example First flush, 100 g */
      description?: string | null;
    };
    /** @description What is answered to a creation: the only answer that ever carries the key itself, and null when it is a repetition. */
    CreatedApiKey: {
      key: string | null;
      id: string;
      /** @description `sk_live_` or `sk_test_` and the first four characters: enough to recognise it by. */
      prefix: string;
      /** @example Darjeeling */
      name: string;
      /** @enum {string} */
      mode: 'live' | 'test';
      permissions: (
        | 'users:read'
        | 'users:write'
        | 'users:admin'
        | 'orders:read'
        | 'orders:write'
        | 'orders:admin'
        | 'inventory:read'
        | 'inventory:write'
        | 'api-keys:read'
        | 'api-keys:write'
        | 'webhooks:read'
        | 'webhooks:write'
        | 'events:read'
        | 'oauth-clients:admin'
      )[];
      rateLimit: components['schemas']['RateLimit'] | null;
      quota: components['schemas']['Quota'] | null;
      allowedIps: string[] | null;
      /**
       * Format: date-time
       * @example 2026-12-31T23:59:59.000Z
       */
      expiresAt: string | null;
      /** Format: date-time */
      revokedAt: string | null;
      /**
       * Format: date-time
       * @description As of a second ago.
       */
      lastUsedAt: string | null;
      /** @description Requests so far, as of a second ago. */
      usageCount: number;
      /** @example 1 */
      version: number;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      createdAt: string;
    };
    /** @description An event as clients see it: `version` counts 1…n per subject, and without a gap for orders. */
    FeedEvent: {
      id: string;
      /** @enum {string} */
      type:
        | 'user.registered'
        | 'user.erased'
        | 'order.placed'
        | 'order.confirmed'
        | 'order.paid'
        | 'order.cancelled'
        | 'order.expired'
        | 'order.fulfilled'
        | 'order.refunded'
        | 'order.returned'
        | 'stock.low'
        | 'stock.adjusted'
        | 'api_key.created'
        | 'api_key.rotated'
        | 'api_key.revoked';
      /** @example 1 */
      version: number;
      /** @description The public id or SKU of what it is about. */
      subject: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC, milliseconds.
       */
      occurredAt: string;
      data: unknown;
    };
    /** @description One page of a list, newest first. `nextCursor` is null on the last one. */
    FeedEventPage: {
      data: components['schemas']['FeedEvent'][];
      /** @example eyJhIjoyMX0 */
      nextCursor: string | null;
    };
    /** @description The body of `POST /orders/{id}/fulfillments`; without items all that is left to ship. */
    FulfillOrderBody: {
      items?: components['schemas']['OrderItemInput'][];
      /** @example 1Z999AA10123456784 */
      trackingNumber?: string;
    };
    /** @description What somebody agreed to give a client. */
    GrantView: {
      id: string;
      clientId: string;
      clientName: string;
      scopes: (
        | 'users:read'
        | 'users:write'
        | 'users:admin'
        | 'orders:read'
        | 'orders:write'
        | 'orders:admin'
        | 'inventory:read'
        | 'inventory:write'
        | 'api-keys:read'
        | 'api-keys:write'
        | 'webhooks:read'
        | 'webhooks:write'
        | 'events:read'
        | 'oauth-clients:admin'
        | 'openid'
        | 'profile'
        | 'email'
        | 'offline_access'
      )[];
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @example 2026-12-31T23:59:59.000Z
       */
      expiresAt: string;
    };
    /** @description One page of a list, newest first. `nextCursor` is null on the last one. */
    GrantViewPage: {
      data: components['schemas']['GrantView'][];
      /** @example eyJhIjoyMX0 */
      nextCursor: string | null;
    };
    ImportResult: {
      accepted: number;
      rejected: number;
      errors: components['schemas']['RejectedRow'][];
    };
    /** @description Lets its holder register clients at `/oauth/register` (RFC 7591 §3) until it expires. Shown once. */
    InitialAccessToken: {
      token: string;
      /**
       * Format: date-time
       * @example 2026-12-31T23:59:59.000Z
       */
      expiresAt: string;
    };
    /** @description Whether a key is good, and for what. Keys of others are unknown. */
    KeyVerdict: {
      valid: boolean;
      /** @enum {string} */
      reason?: 'insufficient-permission' | 'unknown' | 'revoked' | 'expired';
      keyId?: string;
      userId?: string;
      permissions?: (
        | 'users:read'
        | 'users:write'
        | 'users:admin'
        | 'orders:read'
        | 'orders:write'
        | 'orders:admin'
        | 'inventory:read'
        | 'inventory:write'
        | 'api-keys:read'
        | 'api-keys:write'
        | 'webhooks:read'
        | 'webhooks:write'
        | 'events:read'
        | 'oauth-clients:admin'
      )[];
      rateLimit?: components['schemas']['RateLimit'] | null;
    };
    /** @description An amount in integer minor units (cents) of an ISO 4217 currency. */
    Money: {
      /** @example 1999 */
      amount: number;
      /**
       * @description ISO 4217, in capitals.
       * @example EUR
       */
      currency: string;
    };
    /** @description One entry of the append-only ledger; per product the deltas sum to the level. */
    MovementView: {
      id: string;
      /** @enum {string} */
      type: 'adjustment' | 'receipt' | 'reserve' | 'release' | 'commit' | 'ship' | 'return';
      onHandDelta: number;
      reservedDelta: number;
      orderId?: string;
      /** @example delivery 2026-117 */
      reason?: string;
      actor:
        | {
            /** @description The API key used, when it was one. */
            keyId?: string;
            userId: string;
            /** @enum {string} */
            mode: 'live' | 'test';
          }
        | {
            system: string;
          };
      /** Format: date-time */
      occurredAt: string;
    };
    /** @description One page of a list, newest first. `nextCursor` is null on the last one. */
    MovementViewPage: {
      data: components['schemas']['MovementView'][];
      /** @example eyJhIjoyMX0 */
      nextCursor: string | null;
    };
    /** @description What there is to say of an OAuth client, apart from who it is. */
    OAuthClientBody: {
      /** @description What people read when they are asked for their consent. */
      clientName?: string;
      /** @description Where people are sent back to: compared as they are, but for the port of loopback addresses of native clients. */
      redirectUris?: string[];
      grantTypes?: (
        | 'authorization_code'
        | 'refresh_token'
        | 'client_credentials'
        | 'urn:ietf:params:oauth:grant-type:device_code'
      )[];
      /** @description The most that the client may ask for. */
      scopes?: (
        | 'users:read'
        | 'users:write'
        | 'users:admin'
        | 'orders:read'
        | 'orders:write'
        | 'orders:admin'
        | 'inventory:read'
        | 'inventory:write'
        | 'api-keys:read'
        | 'api-keys:write'
        | 'webhooks:read'
        | 'webhooks:write'
        | 'events:read'
        | 'oauth-clients:admin'
        | 'openid'
        | 'profile'
        | 'email'
        | 'offline_access'
      )[];
      /** @enum {string} */
      tokenEndpointAuthMethod?:
        'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none';
      /** @description Where people may be sent after they have signed out. */
      postLogoutRedirectUris?: string[];
      /** @description Told of every session that ends (OpenID Connect Back-Channel Logout 1.0). */
      backchannelLogoutUri?: string;
      /** @description Public keys of a client that authenticates by `private_key_jwt`, as JSON Web Key Set. */
      jwks?: {
        keys: Record<string, never>[];
      };
      /** @description Where they are, instead of `jwks`. */
      jwksUri?: string;
      /** @description Whether its access tokens are bound to a key of the client (RFC 9449 §5.2). */
      dpopBoundAccessTokens?: boolean;
    };
    /** @description An OAuth client, without its secret. */
    OAuthClientView: {
      clientId: string;
      clientName: string;
      redirectUris: string[];
      grantTypes: (
        | 'authorization_code'
        | 'refresh_token'
        | 'client_credentials'
        | 'urn:ietf:params:oauth:grant-type:device_code'
      )[];
      scopes: (
        | 'users:read'
        | 'users:write'
        | 'users:admin'
        | 'orders:read'
        | 'orders:write'
        | 'orders:admin'
        | 'inventory:read'
        | 'inventory:write'
        | 'api-keys:read'
        | 'api-keys:write'
        | 'webhooks:read'
        | 'webhooks:write'
        | 'events:read'
        | 'oauth-clients:admin'
        | 'openid'
        | 'profile'
        | 'email'
        | 'offline_access'
      )[];
      /** @enum {string} */
      tokenEndpointAuthMethod:
        'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none';
      postLogoutRedirectUris: string[];
      backchannelLogoutUri: string | null;
      jwks: {
        keys: Record<string, never>[];
      } | null;
      jwksUri: string | null;
      dpopBoundAccessTokens: boolean;
      /** @description Whom its own tokens (client credentials) speak for; null when that account is gone. */
      ownerId: string | null;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      updatedAt: string;
    };
    /** @description One page of a list, newest first. `nextCursor` is null on the last one. */
    OAuthClientViewPage: {
      data: components['schemas']['OAuthClientView'][];
      /** @example eyJhIjoyMX0 */
      nextCursor: string | null;
    };
    /** @description A client whose secret is shown here and nowhere else; null in repetitions and for clients that have none. */
    OAuthClientWithSecret: {
      clientSecret: string | null;
      clientId: string;
      clientName: string;
      redirectUris: string[];
      grantTypes: (
        | 'authorization_code'
        | 'refresh_token'
        | 'client_credentials'
        | 'urn:ietf:params:oauth:grant-type:device_code'
      )[];
      scopes: (
        | 'users:read'
        | 'users:write'
        | 'users:admin'
        | 'orders:read'
        | 'orders:write'
        | 'orders:admin'
        | 'inventory:read'
        | 'inventory:write'
        | 'api-keys:read'
        | 'api-keys:write'
        | 'webhooks:read'
        | 'webhooks:write'
        | 'events:read'
        | 'oauth-clients:admin'
        | 'openid'
        | 'profile'
        | 'email'
        | 'offline_access'
      )[];
      /** @enum {string} */
      tokenEndpointAuthMethod:
        'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none';
      postLogoutRedirectUris: string[];
      backchannelLogoutUri: string | null;
      jwks: {
        keys: Record<string, never>[];
      } | null;
      jwksUri: string | null;
      dpopBoundAccessTokens: boolean;
      /** @description Whom its own tokens (client credentials) speak for; null when that account is gone. */
      ownerId: string | null;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      updatedAt: string;
    };
    OrderEventView: {
      id: string;
      type: string;
      /** @example 1 */
      version: number;
      /** Format: date-time */
      occurredAt: string;
      actor:
        | {
            /** @description The API key used, when it was one. */
            keyId?: string;
            userId: string;
            /** @enum {string} */
            mode: 'live' | 'test';
          }
        | {
            system: string;
          };
      data: unknown;
    };
    OrderItemInput: {
      /** @example TEA-DARJEELING-100 */
      sku: string;
      /** @example 2 */
      quantity: number;
    };
    OrderItemView: {
      /** @example TEA-DARJEELING-100 */
      sku: string;
      /** @example Darjeeling */
      name: string;
      /** @example 2 */
      quantity: number;
      unitPrice: components['schemas']['Money'];
      total: components['schemas']['Money'];
    };
    OrderView: {
      id: string;
      /** @example F-1000042 */
      number: string;
      /** @enum {string} */
      status: 'expired' | 'pending' | 'confirmed' | 'completed' | 'cancelled';
      /** @enum {string} */
      paymentStatus: 'none' | 'authorized' | 'captured' | 'partially_refunded' | 'refunded';
      /** @enum {string} */
      fulfillmentStatus: 'unfulfilled' | 'partial' | 'fulfilled' | 'returned';
      /** @example EUR */
      currency: string;
      items: components['schemas']['OrderItemView'][];
      total: components['schemas']['Money'];
      shippingAddress: components['schemas']['PostalAddress'] | null;
      metadata: {
        [key: string]: unknown;
      };
      /**
       * Format: date-time
       * @example 2026-12-31T23:59:59.000Z
       */
      expiresAt: string | null;
      /** @example 1 */
      version: number;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      updatedAt: string;
    };
    /** @description One page of a list, newest first. `nextCursor` is null on the last one. */
    OrderViewPage: {
      data: components['schemas']['OrderView'][];
      /** @example eyJhIjoyMX0 */
      nextCursor: string | null;
    };
    /** @description One page of a list, newest first. `nextCursor` is null on the last one. */
    Page: {
      data: components['schemas']['UserV2'][];
      /** @example eyJhIjoyMX0 */
      nextCursor: string | null;
    };
    /** @description The body of `POST /orders`. Prices come from the catalogue, so there is no field for one. */
    PlaceOrderBody: {
      items: components['schemas']['OrderItemInput'][];
      /** @example 15 */
      holdMinutes?: number;
      shippingAddress?: components['schemas']['PostalAddress'];
      /** @description The client's own data, returned as it came; at most 16 KiB of JSON. */
      metadata?: {
        [key: string]: unknown;
      };
    };
    PostalAddress: {
      /** @example Darjeeling */
      name: string;
      /** @example 12 St James’s Square */
      line1: string;
      line2?: string;
      /** @example London */
      city: string;
      region?: string;
      /** @example SW1Y 4JH */
      postalCode: string;
      /**
       * @description ISO 3166-1 alpha-2.
       * @example GB
       */
      country: string;
    };
    Preferences: {
      /**
       * @description BCP 47, in its canonical form: `en-GB`.
       * @example en-GB
       */
      locale: string;
      /**
       * @description ISO 4217.
       * @example EUR
       */
      currency: string;
      /**
       * @description A name of the IANA time zone database.
       * @example Europe/London
       */
      timezone: string;
      /** @description Whether what becomes of an order is told by e-mail. */
      emailOrderUpdates: boolean;
    };
    /** @description An error (RFC 9457). `code` never changes; `detail` is for people. */
    Problem: {
      /** Format: uri */
      type: string;
      title: string;
      status: number;
      detail: string;
      code: string;
      requestId: string;
      /** @description The fields that are not valid. */
      errors?: {
        /** Format: json-pointer */
        pointer: string;
        code: string;
        detail: string;
      }[];
      /** @description The lines of an order that the stock cannot cover. */
      lines?: {
        sku: string;
        requested: number;
        available: number;
      }[];
      /** @description The permission that is missing. */
      permission?: string;
      /** @description The versions there are. */
      supported?: string[];
      /** @description The version that was asked for. */
      requested?: string;
    };
    ProductView: {
      /** @example TEA-DARJEELING-100 */
      sku: string;
      /** @example Darjeeling */
      name: string;
      /** @example First flush, 100 g */
      description: string | null;
      price: components['schemas']['Money'];
      attributes: {
        [key: string]: unknown;
      };
      /** @enum {string} */
      status: 'active' | 'archived';
      /**
       * @description Units that may be sold now.
       * @example 12
       */
      available: number;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      updatedAt: string;
      /** @example 1 */
      version: number;
    };
    /** @description One page of a list, newest first. `nextCursor` is null on the last one. */
    ProductViewPage: {
      data: components['schemas']['ProductView'][];
      /** @example eyJhIjoyMX0 */
      nextCursor: string | null;
    };
    /** @description At most `limit` requests in a day or month of UTC. */
    Quota: {
      /** @example 20 */
      limit: number;
      /** @enum {string} */
      interval: 'day' | 'month';
    };
    /** @description At most `limit` requests in any window of `windowSeconds`. */
    RateLimit: {
      /** @example 20 */
      limit: number;
      /** @example 60 */
      windowSeconds: number;
    };
    /** @description The body of `POST /orders/{id}/payments`: money that arrived. */
    RecordPaymentBody: {
      amount: components['schemas']['Money'];
      /**
       * @description What the payment is known as where it came from.
       * @example PSP-84421
       */
      reference: string;
    };
    /** @description The body of `PUT /inventory/{sku}`: what was counted on the shelves. */
    RecountStockBody: {
      /** @example 100 */
      onHand: number;
      /** @example delivery 2026-117 */
      reason: string;
    };
    /** @description The body of `POST /orders/{id}/refunds`. */
    RefundOrderBody: {
      amount: components['schemas']['Money'];
      /** @example delivery 2026-117 */
      reason: string;
    };
    /** @description The body of `POST /users`. */
    RegisterUserBody: {
      /**
       * @description Trimmed and lower-cased; at most 254 characters.
       * @example ada@example.com
       */
      email: string;
      /**
       * @description At least 12 characters, or 8 with upper case, lower case and a digit; at most 128; none that is commonly used.
       * @example correct horse battery
       */
      password: string;
      /** @example Ada */
      firstName: string;
      /** @example Lovelace */
      lastName: string;
    };
    /** @description A line of an import file that was not taken, and why. */
    RejectedRow: {
      line: number;
      /** @enum {string} */
      code:
        | 'validation-failed'
        | 'malformed-json'
        | 'unsupported-api-version'
        | 'idempotency-key-required'
        | 'unauthenticated'
        | 'insufficient-permission'
        | 'address-not-allowed'
        | 'not-found'
        | 'method-not-allowed'
        | 'email-taken'
        | 'insufficient-stock'
        | 'version-conflict'
        | 'illegal-transition'
        | 'idempotency-key-in-flight'
        | 'order-voided'
        | 'amount-exceeded'
        | 'quantity-exceeded'
        | 'sku-taken'
        | 'hold-expired'
        | 'precondition-failed'
        | 'payload-too-large'
        | 'request-timeout'
        | 'expectation-failed'
        | 'headers-too-large'
        | 'unsupported-media-type'
        | 'idempotency-key-reuse'
        | 'unknown-sku'
        | 'rate-limited'
        | 'quota-exhausted'
        | 'internal'
        | 'unavailable'
        | 'deadline-exceeded';
      detail: string;
    };
    /** @description The body of `POST /orders/{id}/returns`. */
    ReturnItemsBody: {
      items: components['schemas']['OrderItemInput'][];
      /** @description Whether the units may be sold again. */
      restock: boolean;
    };
    /** @description When it is answered no gateway accepts the key any more. */
    RevokedApiKey: {
      id: string;
      /** Format: date-time */
      revokedAt: string;
      /**
       * @description Gateways that refuse, of the gateways there are: `3/3`.
       * @example 2/2
       */
      effectiveOn: string;
      /** @description From the commit until the last of them did, or could not accept anything any more. */
      milliseconds: number;
    };
    /** @description The body of `POST /api-keys/{id}/rotate`. */
    RotateApiKeyBody: {
      /** @description How long the old key goes on working; 0 ends it at once. */
      overlapSeconds: number;
    };
    /** @description How long the secret of before stays good, in seconds. */
    RotateSecretBody: {
      overlapSeconds?: number;
    };
    /** @description The body of `POST /webhook-endpoints/{id}/rotate-secret`. */
    RotateWebhookSecretBody: {
      /** @description How long deliveries are signed with the old secret as well; a day when left out. */
      overlapSeconds?: number;
    };
    /** @description What is reserved, order by order; the quantities sum to `reserved`. Units. */
    StockExplanation: {
      taking: {
        orderId: string;
        /** @example 2 */
        quantity: number;
        /** @enum {string} */
        state: 'held' | 'committed';
        /**
         * Format: date-time
         * @description When the hold ends by itself; null when it does not.
         * @example 2026-12-31T23:59:59.000Z
         */
        expiresAt: string | null;
      }[];
      /** @example TEA-DARJEELING-100 */
      sku: string;
      /** @example 100 */
      onHand: number;
      /** @example 3 */
      reserved: number;
      /** @example 12 */
      available: number;
    };
    /** @description `available = onHand − reserved`, always. Units. */
    StockView: {
      /** @example TEA-DARJEELING-100 */
      sku: string;
      /** @example 100 */
      onHand: number;
      /** @example 3 */
      reserved: number;
      /** @example 12 */
      available: number;
      /** @example 1 */
      version: number;
    };
    /** @description The requests that began in an hour or day of UTC. */
    UsageBucket: {
      /** Format: date-time */
      start: string;
      requests: number;
      errors: number;
      rateLimited: number;
    };
    /** @description A user as v2 shows one. */
    UserV2: {
      profile: {
        /** @example Ada */
        firstName: string;
        /** @example Lovelace */
        lastName: string;
        /** @example Ada */
        displayName: string;
      };
      preferences: components['schemas']['Preferences'];
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      updatedAt: string;
      id: string;
      /** @example ada@example.com */
      email: string;
    };
    /** @description The body of `POST /api-keys/verify`. */
    VerifyApiKeyBody: {
      key: string;
      /** @enum {string} */
      permission?:
        | 'users:read'
        | 'users:write'
        | 'users:admin'
        | 'orders:read'
        | 'orders:write'
        | 'orders:admin'
        | 'inventory:read'
        | 'inventory:write'
        | 'api-keys:read'
        | 'api-keys:write'
        | 'webhooks:read'
        | 'webhooks:write'
        | 'events:read'
        | 'oauth-clients:admin';
    };
    /** @description One event on its way to one endpoint. */
    WebhookDeliveryView: {
      id: string;
      eventId: string;
      eventType: string;
      /** @enum {string} */
      status: 'pending' | 'delivered' | 'dead';
      attempts: number;
      /** Format: date-time */
      lastAttemptAt: string | null;
      /** Format: date-time */
      nextAttemptAt: string | null;
      /** @description What the endpoint answered last: an HTTP status. */
      responseStatus: number | null;
      /**
       * @description Why there was no answer.
       * @enum {string|null}
       */
      failure: 'address-refused' | 'time-out' | 'no-connection' | null;
      durationMs: number | null;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      createdAt: string;
    };
    /** @description One page of a list, newest first. `nextCursor` is null on the last one. */
    WebhookDeliveryViewPage: {
      data: components['schemas']['WebhookDeliveryView'][];
      /** @example eyJhIjoyMX0 */
      nextCursor: string | null;
    };
    WebhookEndpointView: {
      id: string;
      /** @example https://shop.example.com/hooks/flotilla */
      url: string;
      events: string[];
      /** @example First flush, 100 g */
      description: string | null;
      /** @enum {string} */
      mode: 'live' | 'test';
      enabled: boolean;
      /** @enum {string|null} */
      disabledReason: 'gone' | 'asked' | 'owner-disabled' | null;
      /** @example 1 */
      version: number;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      updatedAt: string;
    };
    /** @description One page of a list, newest first. `nextCursor` is null on the last one. */
    WebhookEndpointViewPage: {
      data: components['schemas']['WebhookEndpointView'][];
      /** @example eyJhIjoyMX0 */
      nextCursor: string | null;
    };
    /** @description An endpoint with its secret, `whsec_…`: null when the answer is a repetition. */
    WebhookEndpointWithSecret: {
      secret: string | null;
      id: string;
      /** @example https://shop.example.com/hooks/flotilla */
      url: string;
      events: string[];
      /** @example First flush, 100 g */
      description: string | null;
      /** @enum {string} */
      mode: 'live' | 'test';
      enabled: boolean;
      /** @enum {string|null} */
      disabledReason: 'gone' | 'asked' | 'owner-disabled' | null;
      /** @example 1 */
      version: number;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      createdAt: string;
      /**
       * Format: date-time
       * @example 2026-01-05T09:30:00.000Z
       */
      updatedAt: string;
    };
  };
  responses: {
    /** @description `address-not-allowed`: The address is not allowed. `insufficient-permission`: A permission is missing. */
    'address-not-allowed.insufficient-permission': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'address-not-allowed' | 'insufficient-permission';
        };
      };
    };
    /** @description `amount-exceeded`: The amount is exceeded. `illegal-transition`: Not possible in the current state. */
    'amount-exceeded.illegal-transition': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'amount-exceeded' | 'illegal-transition';
        };
      };
    };
    /** @description `deadline-exceeded`: It took too long. */
    'deadline-exceeded': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'deadline-exceeded';
        };
      };
    };
    /** @description `email-taken`: The e-mail address is taken. `idempotency-key-in-flight`: The first request is still running. */
    'email-taken.idempotency-key-in-flight': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'email-taken' | 'idempotency-key-in-flight';
        };
      };
    };
    /** @description `hold-expired`: The hold has expired. */
    'hold-expired': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'hold-expired';
        };
      };
    };
    /** @description `idempotency-key-in-flight`: The first request is still running. */
    'idempotency-key-in-flight': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'idempotency-key-in-flight';
        };
      };
    };
    /** @description `idempotency-key-in-flight`: The first request is still running. `illegal-transition`: Not possible in the current state. */
    'idempotency-key-in-flight.illegal-transition': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'idempotency-key-in-flight' | 'illegal-transition';
        };
      };
    };
    /** @description `idempotency-key-in-flight`: The first request is still running. `insufficient-stock`: Not enough stock. */
    'idempotency-key-in-flight.insufficient-stock': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'idempotency-key-in-flight' | 'insufficient-stock';
        };
      };
    };
    /** @description `idempotency-key-in-flight`: The first request is still running. `insufficient-stock`: Not enough stock. `order-voided`: The attempt was withdrawn. */
    'idempotency-key-in-flight.insufficient-stock.order-voided': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'idempotency-key-in-flight' | 'insufficient-stock' | 'order-voided';
        };
      };
    };
    /** @description `idempotency-key-in-flight`: The first request is still running. `sku-taken`: The SKU is taken. */
    'idempotency-key-in-flight.sku-taken': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'idempotency-key-in-flight' | 'sku-taken';
        };
      };
    };
    /** @description `idempotency-key-required`: An Idempotency-Key is required. `malformed-json`: The body is not valid JSON. `unsupported-api-version`: Unsupported API version. `validation-failed`: The request is not valid. */
    'idempotency-key-required.malformed-json.unsupported-api-version.validation-failed': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?:
            | 'idempotency-key-required'
            | 'malformed-json'
            | 'unsupported-api-version'
            | 'validation-failed';
        };
      };
    };
    /** @description `idempotency-key-reuse`: The key was used for another request. */
    'idempotency-key-reuse': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'idempotency-key-reuse';
        };
      };
    };
    /** @description `idempotency-key-reuse`: The key was used for another request. `unknown-sku`: Unknown SKU. */
    'idempotency-key-reuse.unknown-sku': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'idempotency-key-reuse' | 'unknown-sku';
        };
      };
    };
    /** @description `illegal-transition`: Not possible in the current state. */
    'illegal-transition': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'illegal-transition';
        };
      };
    };
    /** @description `illegal-transition`: Not possible in the current state. `quantity-exceeded`: The quantity is exceeded. */
    'illegal-transition.quantity-exceeded': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'illegal-transition' | 'quantity-exceeded';
        };
      };
    };
    /** @description `insufficient-stock`: Not enough stock. */
    'insufficient-stock': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'insufficient-stock';
        };
      };
    };
    /** @description `internal`: Something went wrong on our side. */
    internal: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'internal';
        };
      };
    };
    /** @description `malformed-json`: The body is not valid JSON. `unsupported-api-version`: Unsupported API version. `validation-failed`: The request is not valid. */
    'malformed-json.unsupported-api-version.validation-failed': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'malformed-json' | 'unsupported-api-version' | 'validation-failed';
        };
      };
    };
    /** @description `not-found`: Not found. */
    'not-found': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'not-found';
        };
      };
    };
    /** @description `payload-too-large`: The body is too large. */
    'payload-too-large': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'payload-too-large';
        };
      };
    };
    /** @description `precondition-failed`: The resource is not at that version. */
    'precondition-failed': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'precondition-failed';
        };
      };
    };
    /** @description `quota-exhausted`: The quota is used up. `rate-limited`: Too many requests. */
    'quota-exhausted.rate-limited': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        'Retry-After': components['headers']['Retry-After'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'quota-exhausted' | 'rate-limited';
        };
      };
    };
    /** @description `rate-limited`: Too many requests. */
    'rate-limited': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        'Retry-After': components['headers']['Retry-After'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'rate-limited';
        };
      };
    };
    /** @description `request-timeout`: The request took too long to arrive. */
    'request-timeout': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'request-timeout';
        };
      };
    };
    /** @description `unauthenticated`: Authentication is required. */
    unauthenticated: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'unauthenticated';
        };
      };
    };
    /** @description `unavailable`: Temporarily unavailable. */
    unavailable: {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        'Retry-After': components['headers']['Retry-After'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'unavailable';
        };
      };
    };
    /** @description `unsupported-api-version`: Unsupported API version. `validation-failed`: The request is not valid. */
    'unsupported-api-version.validation-failed': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'unsupported-api-version' | 'validation-failed';
        };
      };
    };
    /** @description `unsupported-media-type`: The media type is not supported. */
    'unsupported-media-type': {
      headers: {
        'X-Request-Id': components['headers']['X-Request-Id'];
        'API-Version': components['headers']['API-Version'];
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'] & {
          /** @enum {string} */
          code?: 'unsupported-media-type';
        };
      };
    };
  };
  parameters: {
    /** @description The version to answer in; wins over the one in the path. */
    ApiVersion: '1' | '2' | 'v1' | 'v2';
    /** @description A name of your own for this request. Sent again with the same body it is answered with the first answer, as long as the order lives. */
    IdempotencyKey: string;
    /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
    OptionalIdempotencyKey: string;
    /** @description Carries the request out only while the resource has this tag. */
    IfMatch: string;
    /** @description Answers 304 while the resource has this tag. */
    IfNoneMatch: string;
  };
  requestBodies: never;
  headers: {
    /** @description The version that the answer is in. */
    'API-Version': 'v1' | 'v2';
    /** @description Names this request in our logs: yours, if it is 1 to 128 of `[A-Za-z0-9._-]`. */
    'X-Request-Id': string;
    /** @description The limits that apply (draft-ietf-httpapi-ratelimit-headers). */
    'RateLimit-Policy': string;
    /** @description What is left of them, and the seconds until all of it is back. */
    RateLimit: string;
    /** @description Seconds after which to try again. */
    'Retry-After': number;
    /** @description The tag of this representation. */
    ETag: string;
    /** @description Where the new resource is. */
    Location: string;
    /** @description `true` when this is the answer to an earlier request under the same key. */
    'Idempotency-Replayed': 'true';
  };
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  'api-keys.list': {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKeyViewPage'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'api-keys.create': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateApiKeyBody'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedApiKey'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['idempotency-key-in-flight'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'api-keys.verify': {
    parameters: {
      query?: never;
      header?: {
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['VerifyApiKeyBody'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['KeyVerdict'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      408: components['responses']['request-timeout'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'api-keys.get': {
    parameters: {
      query?: never;
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKeyView'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'api-keys.revoke': {
    parameters: {
      query?: never;
      header?: {
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RevokedApiKey'];
        };
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'api-keys.change': {
    parameters: {
      query?: never;
      header?: {
        /** @description Carries the request out only while the resource has this tag. */
        'If-Match'?: components['parameters']['IfMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeApiKeyBody'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKeyView'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['illegal-transition'];
      412: components['responses']['precondition-failed'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'api-keys.rotate': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RotateApiKeyBody'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['CreatedApiKey'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['idempotency-key-in-flight.illegal-transition'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'api-keys.usage': {
    parameters: {
      query?: {
        /** @description A day, or 30 days, before `to` when left out. */
        from?: string;
        /** @description Now when left out. */
        to?: string;
        granularity?: 'day' | 'hour';
      };
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['UsageBucket'][];
          };
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'audit-events.list': {
    parameters: {
      query?: {
        userId?: string;
        type?:
          | 'account.registered'
          | 'account.role-changed'
          | 'account.disabled'
          | 'account.erased'
          | 'email.confirmed'
          | 'sign-in.password'
          | 'sign-in.second-factor'
          | 'sign-in.recovery-code'
          | 'sign-in.passkey'
          | 'sign-in.completed'
          | 'sign-out'
          | 'password.reset-requested'
          | 'password.reset'
          | 'second-factor.enrolled'
          | 'second-factor.removed'
          | 'recovery-codes.renewed'
          | 'passkey.added'
          | 'passkey.removed'
          | 'session.ended'
          | 'grant.given'
          | 'grant.refused'
          | 'grant.revoked'
          | 'device.connected'
          | 'device.refused'
          | 'token.issued'
          | 'token.revoked'
          | 'token.reused'
          | 'client.authentication'
          | 'client.registration-allowed'
          | 'client.created'
          | 'client.changed'
          | 'client.secret-rotated'
          | 'client.deleted'
          | 'signing-keys.rotated';
        limit?: number;
        cursor?: string;
      };
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditEventViewPage'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'events.list': {
    parameters: {
      query?: {
        /** @description Where the last page ended, or any event: what came after it in the feed. */
        after?: string;
        /** @description Types of events, comma-separated; all when left out. */
        types?: string;
        limit?: number;
      };
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FeedEventPage'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'inventory.import': {
    parameters: {
      query?: never;
      header?: {
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'text/csv': string;
        'application/x-ndjson': string;
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportResult'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      408: components['responses']['request-timeout'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'inventory.stock': {
    parameters: {
      query?: never;
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StockView'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'inventory.recount': {
    parameters: {
      query?: never;
      header?: {
        /** @description Carries the request out only while the resource has this tag. */
        'If-Match'?: components['parameters']['IfMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RecountStockBody'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StockView'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['insufficient-stock'];
      412: components['responses']['precondition-failed'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'inventory.adjust': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AdjustStockBody'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StockView'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['idempotency-key-in-flight.insufficient-stock'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'inventory.explain': {
    parameters: {
      query?: never;
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['StockExplanation'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'inventory.movements': {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MovementViewPage'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'oauth-clients.list': {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OAuthClientViewPage'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'oauth-clients.create': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateOAuthClientBody'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OAuthClientWithSecret'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      408: components['responses']['request-timeout'];
      409: components['responses']['idempotency-key-in-flight'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'oauth-clients.issueInitialAccessToken': {
    parameters: {
      query?: never;
      header?: {
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['InitialAccessToken'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      408: components['responses']['request-timeout'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'oauth-clients.get': {
    parameters: {
      query?: never;
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OAuthClientView'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'oauth-clients.remove': {
    parameters: {
      query?: never;
      header?: {
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is nothing to say. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'oauth-clients.change': {
    parameters: {
      query?: never;
      header?: {
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['OAuthClientBody'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OAuthClientView'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'oauth-clients.rotateSecret': {
    parameters: {
      query?: never;
      header?: {
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RotateSecretBody'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OAuthClientWithSecret'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'orders.list': {
    parameters: {
      query?: {
        status?: 'expired' | 'pending' | 'confirmed' | 'completed' | 'cancelled';
        limit?: number;
        cursor?: string;
      };
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderViewPage'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'orders.place': {
    parameters: {
      query?: never;
      header: {
        /** @description A name of your own for this request. Sent again with the same body it is answered with the first answer, as long as the order lives. */
        'Idempotency-Key': components['parameters']['IdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PlaceOrderBody'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderView'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      408: components['responses']['request-timeout'];
      409: components['responses']['idempotency-key-in-flight.insufficient-stock.order-voided'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse.unknown-sku'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'orders.get': {
    parameters: {
      query?: never;
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderView'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'orders.cancel': {
    parameters: {
      query?: never;
      header?: {
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CancelOrderBody'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderView'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['illegal-transition'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'orders.confirm': {
    parameters: {
      query?: never;
      header?: {
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderView'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['illegal-transition'];
      410: components['responses']['hold-expired'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'orders.events': {
    parameters: {
      query?: never;
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: components['schemas']['OrderEventView'][];
          };
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'orders.fulfill': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['FulfillOrderBody'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderView'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['illegal-transition.quantity-exceeded'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse.unknown-sku'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'orders.pay': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RecordPaymentBody'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderView'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['amount-exceeded.illegal-transition'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'orders.refund': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RefundOrderBody'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderView'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['amount-exceeded.illegal-transition'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'orders.takeBack': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ReturnItemsBody'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OrderView'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['illegal-transition.quantity-exceeded'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse.unknown-sku'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'products.list': {
    parameters: {
      query?: {
        search?: string;
        limit?: number;
        cursor?: string;
      };
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProductViewPage'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      429: components['responses']['rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'products.create': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateProductBody'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProductView'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      408: components['responses']['request-timeout'];
      409: components['responses']['idempotency-key-in-flight.sku-taken'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'products.get': {
    parameters: {
      query?: never;
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProductView'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      404: components['responses']['not-found'];
      429: components['responses']['rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'products.archive': {
    parameters: {
      query?: never;
      header?: {
        /** @description Carries the request out only while the resource has this tag. */
        'If-Match'?: components['parameters']['IfMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProductView'];
        };
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      412: components['responses']['precondition-failed'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'products.change': {
    parameters: {
      query?: never;
      header?: {
        /** @description Carries the request out only while the resource has this tag. */
        'If-Match'?: components['parameters']['IfMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        sku: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeProductBody'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ProductView'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      412: components['responses']['precondition-failed'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'users.list': {
    parameters: {
      query?: {
        email?: string;
        limit?: number;
        cursor?: string;
      };
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Page'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'users.register': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RegisterUserBody'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserV2'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['email-taken.idempotency-key-in-flight'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse'];
      429: components['responses']['rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'users.me': {
    parameters: {
      query?: never;
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserV2'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'users.eraseMe': {
    parameters: {
      query?: never;
      header?: {
        /** @description Carries the request out only while the resource has this tag. */
        'If-Match'?: components['parameters']['IfMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is nothing to say. */
      202: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      409: components['responses']['illegal-transition'];
      412: components['responses']['precondition-failed'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'users.changeMe': {
    parameters: {
      query?: never;
      header?: {
        /** @description Carries the request out only while the resource has this tag. */
        'If-Match'?: components['parameters']['IfMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeProfileBody'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserV2'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      412: components['responses']['precondition-failed'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'addresses.list': {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AddressViewPage'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'addresses.add': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PostalAddress'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AddressView'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      408: components['responses']['request-timeout'];
      409: components['responses']['idempotency-key-in-flight'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'addresses.get': {
    parameters: {
      query?: never;
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AddressView'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'addresses.remove': {
    parameters: {
      query?: never;
      header?: {
        /** @description Carries the request out only while the resource has this tag. */
        'If-Match'?: components['parameters']['IfMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is nothing to say. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      412: components['responses']['precondition-failed'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'addresses.change': {
    parameters: {
      query?: never;
      header?: {
        /** @description Carries the request out only while the resource has this tag. */
        'If-Match'?: components['parameters']['IfMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeAddressBody'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AddressView'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      412: components['responses']['precondition-failed'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'grants.list': {
    parameters: {
      query?: never;
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['GrantViewPage'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'grants.withdraw': {
    parameters: {
      query?: never;
      header?: {
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is nothing to say. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'preferences.get': {
    parameters: {
      query?: never;
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Preferences'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'preferences.change': {
    parameters: {
      query?: never;
      header?: {
        /** @description Carries the request out only while the resource has this tag. */
        'If-Match'?: components['parameters']['IfMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangePreferencesBody'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Preferences'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      412: components['responses']['precondition-failed'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'users.get': {
    parameters: {
      query?: never;
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserV2'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'users.erase': {
    parameters: {
      query?: never;
      header?: {
        /** @description Carries the request out only while the resource has this tag. */
        'If-Match'?: components['parameters']['IfMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is nothing to say. */
      202: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      409: components['responses']['illegal-transition'];
      412: components['responses']['precondition-failed'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'users.change': {
    parameters: {
      query?: never;
      header?: {
        /** @description Carries the request out only while the resource has this tag. */
        'If-Match'?: components['parameters']['IfMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeUserBody'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserV2'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['illegal-transition'];
      412: components['responses']['precondition-failed'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'users.disable': {
    parameters: {
      query?: never;
      header?: {
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['UserV2'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['illegal-transition'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'webhook-endpoints.list': {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpointViewPage'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'webhook-endpoints.create': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['CreateWebhookEndpointBody'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          Location: components['headers']['Location'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpointWithSecret'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      408: components['responses']['request-timeout'];
      409: components['responses']['idempotency-key-in-flight'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'webhook-endpoints.get': {
    parameters: {
      query?: never;
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpointView'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'webhook-endpoints.remove': {
    parameters: {
      query?: never;
      header?: {
        /** @description Carries the request out only while the resource has this tag. */
        'If-Match'?: components['parameters']['IfMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done; there is nothing to say. */
      204: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      412: components['responses']['precondition-failed'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'webhook-endpoints.change': {
    parameters: {
      query?: never;
      header?: {
        /** @description Carries the request out only while the resource has this tag. */
        'If-Match'?: components['parameters']['IfMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ChangeWebhookEndpointBody'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpointView'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      412: components['responses']['precondition-failed'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'webhook-endpoints.deliveries': {
    parameters: {
      query?: {
        status?: 'pending' | 'delivered' | 'dead';
        limit?: number;
        cursor?: string;
      };
      header?: {
        /** @description Answers 304 while the resource has this tag. */
        'If-None-Match'?: components['parameters']['IfNoneMatch'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDeliveryViewPage'];
        };
      };
      /** @description The resource still has the tag in If-None-Match. */
      304: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content?: never;
      };
      400: components['responses']['unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'webhook-endpoints.retry': {
    parameters: {
      query?: never;
      header?: {
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
        deliveryId: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      202: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDeliveryView'];
        };
      };
      400: components['responses']['malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['illegal-transition'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'webhook-endpoints.rotateSecret': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['RotateWebhookSecretBody'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpointWithSecret'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['idempotency-key-in-flight'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
  'webhook-endpoints.test': {
    parameters: {
      query?: never;
      header?: {
        /** @description A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer. */
        'Idempotency-Key'?: components['parameters']['OptionalIdempotencyKey'];
        /** @description The version to answer in; wins over the one in the path. */
        'API-Version'?: components['parameters']['ApiVersion'];
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      202: {
        headers: {
          'X-Request-Id': components['headers']['X-Request-Id'];
          'API-Version': components['headers']['API-Version'];
          'RateLimit-Policy': components['headers']['RateLimit-Policy'];
          RateLimit: components['headers']['RateLimit'];
          'Idempotency-Replayed': components['headers']['Idempotency-Replayed'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDeliveryView'];
        };
      };
      400: components['responses']['idempotency-key-required.malformed-json.unsupported-api-version.validation-failed'];
      401: components['responses']['unauthenticated'];
      403: components['responses']['address-not-allowed.insufficient-permission'];
      404: components['responses']['not-found'];
      408: components['responses']['request-timeout'];
      409: components['responses']['idempotency-key-in-flight.illegal-transition'];
      413: components['responses']['payload-too-large'];
      415: components['responses']['unsupported-media-type'];
      422: components['responses']['idempotency-key-reuse'];
      429: components['responses']['quota-exhausted.rate-limited'];
      500: components['responses']['internal'];
      503: components['responses']['unavailable'];
      504: components['responses']['deadline-exceeded'];
    };
  };
}

export type AddressView = components['schemas']['AddressView'];
export type AddressViewPage = components['schemas']['AddressViewPage'];
export type AdjustStockBody = components['schemas']['AdjustStockBody'];
export type ApiKeyView = components['schemas']['ApiKeyView'];
export type ApiKeyViewPage = components['schemas']['ApiKeyViewPage'];
export type AuditEventView = components['schemas']['AuditEventView'];
export type AuditEventViewPage = components['schemas']['AuditEventViewPage'];
export type CancelOrderBody = components['schemas']['CancelOrderBody'];
export type ChangeAddressBody = components['schemas']['ChangeAddressBody'];
export type ChangeApiKeyBody = components['schemas']['ChangeApiKeyBody'];
export type ChangePreferencesBody = components['schemas']['ChangePreferencesBody'];
export type ChangeProductBody = components['schemas']['ChangeProductBody'];
export type ChangeProfileBody = components['schemas']['ChangeProfileBody'];
export type ChangeUserBody = components['schemas']['ChangeUserBody'];
export type ChangeWebhookEndpointBody = components['schemas']['ChangeWebhookEndpointBody'];
export type CreateApiKeyBody = components['schemas']['CreateApiKeyBody'];
export type CreateOAuthClientBody = components['schemas']['CreateOAuthClientBody'];
export type CreateProductBody = components['schemas']['CreateProductBody'];
export type CreateWebhookEndpointBody = components['schemas']['CreateWebhookEndpointBody'];
export type CreatedApiKey = components['schemas']['CreatedApiKey'];
export type FeedEvent = components['schemas']['FeedEvent'];
export type FeedEventPage = components['schemas']['FeedEventPage'];
export type FulfillOrderBody = components['schemas']['FulfillOrderBody'];
export type GrantView = components['schemas']['GrantView'];
export type GrantViewPage = components['schemas']['GrantViewPage'];
export type ImportResult = components['schemas']['ImportResult'];
export type InitialAccessToken = components['schemas']['InitialAccessToken'];
export type KeyVerdict = components['schemas']['KeyVerdict'];
export type Money = components['schemas']['Money'];
export type MovementView = components['schemas']['MovementView'];
export type MovementViewPage = components['schemas']['MovementViewPage'];
export type OAuthClientBody = components['schemas']['OAuthClientBody'];
export type OAuthClientView = components['schemas']['OAuthClientView'];
export type OAuthClientViewPage = components['schemas']['OAuthClientViewPage'];
export type OAuthClientWithSecret = components['schemas']['OAuthClientWithSecret'];
export type OrderEventView = components['schemas']['OrderEventView'];
export type OrderItemInput = components['schemas']['OrderItemInput'];
export type OrderItemView = components['schemas']['OrderItemView'];
export type OrderView = components['schemas']['OrderView'];
export type OrderViewPage = components['schemas']['OrderViewPage'];
export type Page = components['schemas']['Page'];
export type PlaceOrderBody = components['schemas']['PlaceOrderBody'];
export type PostalAddress = components['schemas']['PostalAddress'];
export type Preferences = components['schemas']['Preferences'];
export type Problem = components['schemas']['Problem'];
export type ProductView = components['schemas']['ProductView'];
export type ProductViewPage = components['schemas']['ProductViewPage'];
export type Quota = components['schemas']['Quota'];
export type RateLimit = components['schemas']['RateLimit'];
export type RecordPaymentBody = components['schemas']['RecordPaymentBody'];
export type RecountStockBody = components['schemas']['RecountStockBody'];
export type RefundOrderBody = components['schemas']['RefundOrderBody'];
export type RegisterUserBody = components['schemas']['RegisterUserBody'];
export type RejectedRow = components['schemas']['RejectedRow'];
export type ReturnItemsBody = components['schemas']['ReturnItemsBody'];
export type RevokedApiKey = components['schemas']['RevokedApiKey'];
export type RotateApiKeyBody = components['schemas']['RotateApiKeyBody'];
export type RotateSecretBody = components['schemas']['RotateSecretBody'];
export type RotateWebhookSecretBody = components['schemas']['RotateWebhookSecretBody'];
export type StockExplanation = components['schemas']['StockExplanation'];
export type StockView = components['schemas']['StockView'];
export type UsageBucket = components['schemas']['UsageBucket'];
export type UserV2 = components['schemas']['UserV2'];
export type VerifyApiKeyBody = components['schemas']['VerifyApiKeyBody'];
export type WebhookDeliveryView = components['schemas']['WebhookDeliveryView'];
export type WebhookDeliveryViewPage = components['schemas']['WebhookDeliveryViewPage'];
export type WebhookEndpointView = components['schemas']['WebhookEndpointView'];
export type WebhookEndpointViewPage = components['schemas']['WebhookEndpointViewPage'];
export type WebhookEndpointWithSecret = components['schemas']['WebhookEndpointWithSecret'];

/** What POST takes an Idempotency-Key for. */
export const TAKING_KEYS: ReadonlySet<string> = new Set([
  '/api-keys',
  '/api-keys/{id}/rotate',
  '/inventory/{sku}/adjustments',
  '/oauth-clients',
  '/orders',
  '/orders/{id}/fulfillments',
  '/orders/{id}/payments',
  '/orders/{id}/refunds',
  '/orders/{id}/returns',
  '/products',
  '/users',
  '/users/me/addresses',
  '/webhook-endpoints',
  '/webhook-endpoints/{id}/rotate-secret',
  '/webhook-endpoints/{id}/test',
]);
