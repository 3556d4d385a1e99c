import type { IncomingMessage, ServerResponse } from 'node:http';
import { isAppError } from '@flotilla/contracts/errors';
import { Logger } from '@flotilla/runtime/logger';
import { pause } from '@flotilla/runtime/waiting';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Context, Next } from 'koa';
import { type ClientMetadata, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { toUuid } from '@flotilla/contracts/ids';
import { AuditLog } from '../audit/audit-log.js';
import { auditRequests } from '../audit/audit-requests.js';
import { AttemptGate } from '../abuse/attempt-gate.js';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import { guessDeviceCode } from '../pages/guess-device-code.js';
import { showAway } from '../pages/provider-pages.js';
import { Sealing } from '../sealing.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { AccessTokens } from './access-tokens.js';
import { AccountClaims } from './account-claims.js';
import { AccountStates } from './account-states.js';
import { ApiResource } from './api-resource.js';
import { ClientOwners } from './client-owners.js';
import { ClientRegistry } from './clients/client-registry.js';
import { matchesHashes } from './clients/client-secret.js';
import { configuration } from './configuration.js';
import { paceDevices } from './device-polling.js';
import { OAuthRecords } from './oauth-records.js';
import { postgresAdapter } from './postgres-adapter.js';
import { prepareRequest } from './provider-request.js';
import { type PrivateJwk, SigningKeys } from './signing-keys.js';

/** Far below the time for which a key is published before it signs. */
const LOOK_FOR_KEYS_MS = 500;
const KEEP_KEYS_MS = 60_000;

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * The authorization server: oidc-provider on our adapter. It takes its keys when it is made, so that a change of keys makes
 * another one over the same state; requests that have begun end where they began.
 */
@Injectable()
export class AuthorizationServer implements OnModuleInit, OnApplicationShutdown {
  #provider!: Provider;
  #handler!: Handler;
  #kids = '';
  readonly #stopping = new AbortController();
  #watching?: Promise<void>;

  constructor(
    @Inject(IDENTITY_CONFIG) private readonly config: IdentityConfig,
    private readonly sealing: Sealing,
    private readonly signingKeys: SigningKeys,
    private readonly records: OAuthRecords,
    private readonly clients: ClientRegistry,
    private readonly owners: ClientOwners,
    private readonly accounts: AccountStates,
    private readonly claims: AccountClaims,
    private readonly factors: SecondFactors,
    private readonly gate: AttemptGate,
    private readonly audit: AuditLog,
    private readonly logger: Logger,
  ) {}

  get provider(): Provider {
    return this.#provider;
  }

  handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    return this.#handler(request, response);
  }

  /** @throws errors.InvalidClientMetadata (RFC 7591 §3.2.2) */
  async validateClient(metadata: ClientMetadata): Promise<void> {
    await this.#provider.Client.validate(metadata);
  }

  async onModuleInit(): Promise<void> {
    await this.signingKeys.keepFresh();
    await this.refresh();
    this.#watching = this.watchKeys();
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    await this.#watching;
  }

  private async watchKeys(): Promise<void> {
    const { signal } = this.#stopping;
    let keptAt = performance.now();
    for (;;) {
      await pause(LOOK_FOR_KEYS_MS, signal);
      if (signal.aborted) return;
      try {
        if (performance.now() - keptAt > KEEP_KEYS_MS) {
          await this.signingKeys.keepFresh();
          keptAt = performance.now();
        }
        await this.refresh();
      } catch (error) {
        // The keys of before go on signing; the database tells of its own absence.
        if (!isAppError(error, 'unavailable'))
          this.logger.error({ err: error }, 'the signing keys cannot be read');
      }
    }
  }

  private async refresh(): Promise<void> {
    const keys = await this.signingKeys.forSigning();
    const kids = keys.map(({ kid }) => kid).join();
    if (kids === this.#kids) return;
    this.#provider = this.make(keys);
    this.#handler = this.#provider.callback();
    this.#kids = kids;
  }

  private make(keys: readonly PrivateJwk[]): Provider {
    const { config, accounts, owners, records } = this;
    const tokens = new AccessTokens(config, accounts, owners, records);
    const provider = new Provider(
      config.issuer,
      configuration({
        config,
        adapter: postgresAdapter(records, this.clients),
        keys,
        cookieKeys: this.sealing.derive('cookies'),
        claims: this.claims,
        needsSecondFactor: async (accountId) =>
          (await this.factors.status(toUuid('usr', accountId))).enrolled,
        api: new ApiResource(config, accounts, owners),
        tokens,
      }),
    );
    provider.proxy = true; // the headers are ours: see `mountAuthorizationServer`
    provider.use((ctx, next) => this.answerFaults(ctx, next));
    provider.use(secure);
    provider.use(auditRequests(this.audit));
    provider.use(guessDeviceCode(this.gate));
    provider.use(prepareRequest);
    tokens.teach(provider, keys);
    paceDevices(provider, records);
    provider.Client.prototype.compareClientSecret = function (secret: string): boolean {
      return matchesHashes(this.clientSecret, secret);
    };
    // Found before written would let two of the same through at once.
    provider.ReplayDetection.unique = (iss: string, jti: string, exp: number) =>
      records.saveOnce('ReplayDetection', `${iss}\0${jti}`, exp - Date.now() / 1_000);
    provider.Session.prototype.destroy = async function (): Promise<void> {
      await records.removeSession(this);
      Object.assign(this, { destroyed: true });
      this.emit('destroyed');
    };
    provider.on('server_error', (ctx: KoaContextWithOIDC, error: Error) => {
      ctx.state.fault = error;
      if (!isAppError(error, 'unavailable'))
        this.logger.error({ err: error, route: ctx.oidc?.route }, 'an OAuth request failed');
    });
    return provider;
  }

  /** While the database is away requests are to be tried again, as the rest of the fleet says it (RFC 6749 §4.1.2.1). */
  private async answerFaults(ctx: Context, next: Next): Promise<void> {
    try {
      await next();
    } catch (error) {
      // Thrown where the library does not look: by what we put around it, or while it saves a session.
      ctx.state.fault = error;
      if (!isAppError(error, 'unavailable')) throw error;
    }
    const { fault } = ctx.state;
    if (!isAppError(fault, 'unavailable')) return;
    ctx.remove('location');
    ctx.status = 503;
    ctx.set('retry-after', '1');
    if (ctx.accepts('json', 'html') === 'html') showAway(ctx);
    else ctx.body = { error: 'temporarily_unavailable', error_description: fault.message };
  }
}

async function secure(ctx: Context, next: Next): Promise<void> {
  ctx.set('x-content-type-options', 'nosniff');
  ctx.set('referrer-policy', 'no-referrer');
  ctx.set(
    'content-security-policy',
    "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'",
  );
  await next();
  if (ctx.path === '/oauth/jwks') ctx.set('cache-control', 'public, max-age=60');
}
