import { type Actor, PERMISSIONS } from '@flotilla/contracts/actor';
import type { Id } from '@flotilla/contracts/ids';
import { REVOCATIONS_MATTER_MS } from '@flotilla/contracts/revocation';
import type { RevocationMemory } from '@flotilla/revocation/revocation-memory';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import type { SigningKeys } from './signing-keys.js';

/** Revocations of a token must be remembered for as long as it lives; five minutes are for clocks that differ. */
const LONGEST_LIFE_S = REVOCATIONS_MATTER_MS / 1_000 - 5 * 60;

/** What identity says in an access token (RFC 9068) besides the registered claims. */
interface Claims extends JWTPayload {
  client_id: string;
  scope?: string;
  /** The grant that it comes from; of a client that acts for itself, the client. */
  gid: string;
  /** The session of the browser that it comes from. */
  sid?: string;
  /** The version of the account's credentials. */
  cv: number;
  /** Whose client it is that acts for itself. */
  owner?: Id<'usr'>;
  /** The key that it is bound to (RFC 9449 §6.1). */
  cnf?: { jkt?: string };
}

/** A token whose signature and claims were good; whether it still holds changes with time. */
export interface AccessToken {
  actor: Actor;
  claims: Claims;
}

/** Whom a token is good for, and where. */
export interface TokenAudience {
  issuer: string;
  audience: string;
}

/** RFC 9068 §4. @throws JOSEError for a token that is no good; what `keys` throws */
export async function readAccessToken(
  token: string,
  keys: SigningKeys,
  expected: TokenAudience,
): Promise<AccessToken> {
  const { payload } = await jwtVerify<Claims>(token, keys.find, {
    ...expected,
    typ: 'at+jwt',
    // Pinned: the header must not choose.
    algorithms: ['ES256'],
    requiredClaims: ['sub', 'exp', 'iat', 'jti', 'client_id', 'gid', 'cv'],
  });
  if (payload.exp! - payload.iat! > LONGEST_LIFE_S) {
    throw new errors.JWTClaimValidationFailed('lives too long', payload, 'exp', 'check_failed');
  }
  const granted = new Set(payload.scope?.split(' '));
  return {
    claims: payload,
    actor: {
      userId: payload.owner ?? (payload.sub as Id<'usr'>),
      clientId: payload.client_id,
      mode: 'live',
      permissions: PERMISSIONS.filter((permission) => granted.has(permission)),
    },
  };
}

/** Whether a token still holds: its time, and nothing in the memory of what was revoked against it. */
export function stillHolds(
  { claims, actor }: AccessToken,
  memory: RevocationMemory,
  nowMs: number,
): boolean {
  const seconds = nowMs / 1_000;
  if (seconds >= claims.exp! || seconds < (claims.nbf ?? -Infinity)) return false;
  if (
    memory.isRevoked('token', claims.jti!) ||
    memory.isRevoked('grant', claims.gid) ||
    memory.isRevoked('client', claims.client_id) ||
    (claims.sid !== undefined && memory.isRevoked('session', claims.sid))
  ) {
    return false;
  }
  const standing = memory.standingOf(actor.userId);
  return !standing || (!standing.disabled && claims.cv >= standing.lowestVersion);
}
