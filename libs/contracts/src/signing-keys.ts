import { operation } from './operation.js';

/** A public key as JSON (RFC 7517): elliptic curve P-256. */
export interface PublicJwk {
  kty: 'EC';
  crv: 'P-256';
  x: string;
  y: string;
  kid: string;
  alg: 'ES256';
  use: 'sig';
}

/** Every key that a token in circulation may be signed with, and those that will sign next. */
export interface SigningKeys {
  keys: PublicJwk[];
}

/** What a rotation did: the key is published now, signs from `signsFrom` on. */
export interface RotatedSigningKey {
  kid: string;
  signsFrom: string;
}

export class GetSigningKeysRequest {}

export class RotateSigningKeysRequest {}

export const GetSigningKeys = operation<SigningKeys>()(
  'identity.get-signing-keys.v1',
  GetSigningKeysRequest,
  { idempotent: true },
);
export const RotateSigningKeys = operation<RotatedSigningKey>()(
  'identity.rotate-signing-keys.v1',
  RotateSigningKeysRequest,
  { idempotent: false },
);
