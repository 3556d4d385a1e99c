import * as openid from 'openid-client';
import type { Person } from './person.js';
import { CALLBACK, type RegisteredClient } from './registered-client.js';

/** A client that somebody has signed in to, and what it was given. */
export interface SignedIn {
  config: openid.Configuration;
  accessToken: string;
  refreshToken: string;
  idToken: string;
}

/** Somebody who has agreed, and whose client has yet to redeem the code. */
export interface Agreed {
  config: openid.Configuration;
  /** Where the browser was sent to, with the code. */
  callback: URL;
  pkceCodeVerifier: string;
}

/** Signs somebody in to a client, who agrees to all that it asks for. */
export async function agree(
  site: string,
  person: Person,
  { id, secret }: RegisteredClient,
  scope: string,
): Promise<Agreed> {
  const insecure = { execute: [openid.allowInsecureRequests] };
  const config = await openid.discovery(new URL(site), id, secret, undefined, insecure);
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const address = openid.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope,
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  });
  return { config, callback: await person.follow(address), pkceCodeVerifier };
}

/** Redeems the code. @throws what openid-client throws for a refusal */
export async function redeem({ config, callback, pkceCodeVerifier }: Agreed): Promise<SignedIn> {
  const checks = { pkceCodeVerifier, idTokenExpected: true };
  const given = await openid.authorizationCodeGrant(config, callback, checks);
  return {
    config,
    accessToken: given.access_token,
    refreshToken: given.refresh_token!,
    idToken: given.id_token!,
  };
}

/** Signs somebody in to a client, who agrees to all that it asks for, and redeems the code. */
export async function signIn(
  site: string,
  person: Person,
  client: RegisteredClient,
  scope: string,
): Promise<SignedIn> {
  return redeem(await agree(site, person, client, scope));
}
