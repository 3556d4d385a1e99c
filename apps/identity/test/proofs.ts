import { randomUUID } from 'node:crypto';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { ISSUER } from './identity-under-test.js';

/** A key of a client's own: for DPoP proofs (RFC 9449) and client assertions (RFC 7523). */
export class ClientKey {
  private constructor(
    private readonly privateKey: CryptoKey,
    readonly publicJwk: JWK,
  ) {}

  static async generate(): Promise<ClientKey> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), alg: 'ES256', kid: randomUUID() };
    return new ClientKey(privateKey, jwk);
  }

  /** A proof of possession for one request to an endpoint below `/oauth`. */
  dpop(
    endpoint: string,
    method = 'POST',
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ): Promise<string> {
    const { kty, crv, x, y } = this.publicJwk;
    return this.sign(
      { htm: method, htu: `${ISSUER}/oauth/${endpoint}`, ...claims },
      { typ: 'dpop+jwt', jwk: { kty, crv, x, y }, ...header },
    );
  }

  /** What a client proves itself with instead of a secret; a claim of undefined is left out. */
  async assertion(
    clientId: string,
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ): Promise<Record<string, string>> {
    const assertion = await this.sign(
      {
        iss: clientId,
        sub: clientId,
        aud: ISSUER,
        exp: Math.floor(Date.now() / 1_000) + 60,
        ...claims,
      },
      { kid: this.publicJwk.kid, ...header },
    );
    return {
      client_id: clientId,
      client_assertion: assertion,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    };
  }

  private sign(claims: Record<string, unknown>, header: Record<string, unknown>): Promise<string> {
    const jwt = { jti: randomUUID(), iat: Math.floor(Date.now() / 1_000), ...claims };
    return new SignJWT(jwt).setProtectedHeader({ alg: 'ES256', ...header }).sign(this.privateKey);
  }
}
