import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Id } from '@flotilla/contracts/ids';
import { Injectable } from '@nestjs/common';
import type { InteractionResults } from 'oidc-provider';
import { formTargetsOf } from '../pages/form-targets.js';
import { AccountStates } from './account-states.js';
import { acrOf } from './authentication-context.js';
import { AuthorizationServer } from './authorization-server.js';
import { SECOND_FACTOR_WANTED } from './configuration.js';
import { OAuthRecords } from './oauth-records.js';

/** The request and response of Node that carry an interaction's cookie. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
}

/** What an authorization request waits for: that somebody signs in, or agrees. */
export interface Interaction {
  uid: string;
  prompt: 'login' | 'consent';
  clientId: string;
  clientName: string;
  beganAt: Date;
  /** Where the last form leads on to. */
  formTargets: string[];
  /** What the client asks for and has not been given yet. */
  scopes: string[];
  /** Whether the client takes nobody without a second factor. */
  wantsSecondFactor: boolean;
  /** Who is signed in, if anybody is. */
  accountId?: Id<'usr'>;
}

/** Somebody who has proved who they are. */
export interface SignedIn {
  accountId: Id<'usr'>;
  /** That of the credentials that were proved: once they have been replaced, this is worth nothing. */
  credentialVersion: number;
  /** By what (RFC 8176). */
  amr: readonly string[];
  /** When, if it was before now. */
  signedInAt?: Date;
}

interface PromptDetails {
  missingOIDCScope?: string[];
  missingOIDCClaims?: string[];
  missingResourceScopes?: Record<string, string[]>;
}

/** The steps of an authorization request that are the person's. Each answers with the address to go on at. */
@Injectable()
export class Interactions {
  constructor(
    private readonly server: AuthorizationServer,
    private readonly accounts: AccountStates,
    private readonly records: OAuthRecords,
  ) {}

  /** @throws errors.SessionNotFound when the browser carries no interaction, or it has expired */
  async get({ request, response }: Exchange): Promise<Interaction> {
    const { provider } = this.server;
    const details = await provider.interactionDetails(request, response);
    const clientId = String(details.params.client_id);
    const client = await provider.Client.find(clientId);
    return {
      uid: details.uid,
      prompt: details.prompt.name === 'login' ? 'login' : 'consent',
      clientId,
      clientName: client?.clientName ?? clientId,
      beganAt: new Date(details.iat * 1000),
      formTargets: formTargetsOf(details.params.redirect_uri),
      scopes: scopesOf(details.prompt.details),
      wantsSecondFactor: details.prompt.reasons.includes(SECOND_FACTOR_WANTED),
      ...(details.session && { accountId: details.session.accountId as Id<'usr'> }),
    };
  }

  /** Goes on nowhere when somebody's credentials were replaced meanwhile. */
  async signIn(exchange: Exchange, uid: string, signedIn: SignedIn): Promise<string> {
    const { accountId, amr, signedInAt } = signedIn;
    const login = { accountId, amr: [...amr], acr: acrOf(amr), ts: secondsOf(signedInAt) };
    const next = await this.finish(exchange, { login });
    // What ends sessions has ended this, if it was there by then.
    if (!(await this.accounts.isCurrent(signedIn))) await this.records.remove('Interaction', uid);
    return next;
  }

  /** Tells the client that who has signed in has no second factor (OpenID Connect Unmet Authentication Requirements 1.0). */
  withoutSecondFactor(exchange: Exchange): Promise<string> {
    const error_description = 'The account has no second factor.';
    return this.finish(exchange, {
      error: 'unmet_authentication_requirements',
      error_description,
    });
  }

  /** Gives the client what it asks for, beside what it was given before. */
  async consent(exchange: Exchange): Promise<string> {
    const { provider } = this.server;
    const { request, response } = exchange;
    const details = await provider.interactionDetails(request, response);
    const accountId = details.session!.accountId;
    const clientId = String(details.params.client_id);
    const known = details.grantId && (await provider.Grant.find(details.grantId));
    const grant = known || new provider.Grant({ accountId, clientId });
    const { missingOIDCScope, missingOIDCClaims, missingResourceScopes } = details.prompt
      .details as PromptDetails;
    if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope);
    if (missingOIDCClaims) grant.addOIDCClaims(missingOIDCClaims);
    for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {}))
      grant.addResourceScope(resource, scopes);
    return this.finish(exchange, { consent: { grantId: await grant.save() } });
  }

  deny(exchange: Exchange): Promise<string> {
    const result = { error: 'access_denied', error_description: 'The person did not agree.' };
    return this.finish(exchange, result);
  }

  private finish({ request, response }: Exchange, result: InteractionResults): Promise<string> {
    return this.server.provider.interactionResult(request, response, result);
  }
}

/** Times of sign-ins are whole seconds. */
export function secondsOf(at: Date | undefined): number | undefined {
  return at && Math.floor(at.getTime() / 1_000);
}

function scopesOf(details: PromptDetails): string[] {
  const ofApi = Object.values(details.missingResourceScopes ?? {}).flat();
  return [...new Set([...(details.missingOIDCScope ?? []), ...ofApi])];
}
