import { hash } from 'node:crypto';
import { newUuid, toId } from '@flotilla/contracts/ids';
import type { PublicJwk } from '@flotilla/contracts/signing-keys';
import {
  calculateJwkThumbprint,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';

/** Signs access tokens in the place of identity. */
export class TestIssuer {
  private constructor(
    readonly privateKey: CryptoKey,
    readonly publicKey: PublicJwk,
    private readonly issuer: string,
  ) {}

  static async create(issuer: string): Promise<TestIssuer> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: newUuid(), alg: 'ES256', use: 'sig' };
    return new TestIssuer(privateKey, jwk as PublicJwk, issuer);
  }

  /** What a good token says, for five minutes. */
  claims(over: JWTPayload = {}): JWTPayload {
    const now = Math.floor(Date.now() / 1_000);
    return {
      iss: this.issuer,
      aud: `${this.issuer}/api`,
      sub: toId('usr', newUuid()),
      iat: now,
      exp: now + 300,
      jti: newUuid(),
      client_id: 'shop',
      gid: newUuid(),
      cv: 1,
      scope: 'openid orders:read',
      ...over,
    };
  }

  token(over: JWTPayload = {}, header: object = {}): Promise<string> {
    return new SignJWT(this.claims(over))
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: this.publicKey.kid, ...header })
      .sign(this.privateKey);
  }
}

/** A client that proves its key (RFC 9449). */
export class ProvingClient {
  private constructor(
    private readonly privateKey: CryptoKey,
    private readonly jwk: JWK,
    readonly thumbprint: string,
    private readonly alg: string,
  ) {}

  static async create(alg = 'ES256'): Promise<ProvingClient> {
    const { privateKey, publicKey } = await generateKeyPair(alg);
    const jwk = await exportJWK(publicKey);
    return new ProvingClient(privateKey, jwk, await calculateJwkThumbprint(jwk), alg);
  }

  /** A proof for a GET of this address with this token. */
  proof(htu: string, token: string, over: JWTPayload = {}, header: object = {}): Promise<string> {
    const claims = {
      htm: 'GET',
      htu,
      iat: Math.floor(Date.now() / 1_000),
      jti: newUuid(),
      ath: hash('sha256', token, 'base64url'),
      ...over,
    };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: this.alg, typ: 'dpop+jwt', jwk: this.jwk, ...header })
      .sign(this.privateKey);
  }
}
