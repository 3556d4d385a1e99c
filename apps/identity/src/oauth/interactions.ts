import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Id } from '@flotilla/contracts/ids';
import { Injectable } from '@nestjs/common';
import type { InteractionResults } from 'oidc-provider';
import { acrOf } from './authentication-context.js';
import { AuthorizationServer } from './authorization-server.js';
import { SECOND_FACTOR_WANTED } from './configuration.js';

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
  /** Where the last form leads on to, as a source of a content security policy (CSP Level 3 §2.3.1). */
  formTargets: string[];
  /** What the client asks for and has not been given yet. */
  scopes: string[];
  /** Whether the client takes nobody without a second factor. */
  wantsSecondFactor: boolean;
  /** Who is signed in, if anybody is. */
  accountId?: Id<'usr'>;
}

/** How somebody proved who they are (RFC 8176). */
export interface SignIn {
  accountId: Id<'usr'>;
  amr: string[];
}

interface PromptDetails {
  missingOIDCScope?: string[];
  missingOIDCClaims?: string[];
  missingResourceScopes?: Record<string, string[]>;
}

/** The steps of an authorization request that are the person's. Each answers with the address to go on at. */
@Injectable()
export class Interactions {
  constructor(private readonly server: AuthorizationServer) {}

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

  signIn(exchange: Exchange, { accountId, amr }: SignIn): Promise<string> {
    return this.finish(exchange, { login: { accountId, amr, acr: acrOf(amr) } });
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

function formTargetsOf(redirectUri: unknown): string[] {
  const url = typeof redirectUri === 'string' ? URL.parse(redirectUri) : null;
  if (!url) return [];
  return [url.protocol === 'http:' || url.protocol === 'https:' ? url.origin : url.protocol];
}

function scopesOf(details: PromptDetails): string[] {
  const ofApi = Object.values(details.missingResourceScopes ?? {}).flat();
  return [...new Set([...(details.missingOIDCScope ?? []), ...ofApi])];
}
