import { IsInt, IsOptional, IsUUID, Min } from 'class-validator';
import { operation, type Operation } from './operation.js';

/**
 * What stopped being true of credentials, as a service's revocation feed tells it. Nobody trusts any longer what was known
 * of the thing named before:
 * `api-key` and `user` have changed and are to be looked up anew; the others are over for good.
 */
export type RevocationEntry =
  | { kind: 'api-key' | 'grant' | 'session' | 'token' | 'client'; id: string }
  /** Tokens with a credential version (`cv`) below `lowestVersion` are over; all of them while the user is disabled. */
  | { kind: 'user'; id: string; lowestVersion: number; disabled: boolean };

export type RevocationKind = RevocationEntry['kind'];

/** An entry at its place in the feed: 1…n in the order of commits, without a gap. */
export interface NumberedRevocation {
  sequence: number;
  entry: RevocationEntry;
}

/** A gateway trusts what it has applied for this long, in milliseconds, from when it asked for the newest sequence. */
export const LEASE_MS = 300;

/** Entries are told to a gateway that starts for this long, in milliseconds: longer than any access token lives. */
export const REVOCATIONS_MATTER_MS = 65 * 60_000;

/** Asks for the newest sequence, and makes the gateway one that revocations wait for. */
export class RenewLeaseRequest {
  /** New with every start of a gateway. */
  @IsUUID()
  gatewayId: string;
}

/** Which entries are wanted: those after a sequence, or those that may still matter. */
export class ReadRevocationsRequest {
  @IsOptional()
  @IsInt()
  @Min(0)
  after?: number;
}

/** Entries in their order, the first of them at `after + 1`; as many as one message carries. */
export interface RevocationPage {
  after: number;
  entries: NumberedRevocation[];
}

/** `identity.renew-lease.v1` and the like. */
export function renewLeaseOperation(
  service: string,
): Operation<RenewLeaseRequest, { newest: number }> {
  return operation<{ newest: number }>()(`${service}.renew-lease.v1`, RenewLeaseRequest, {
    idempotent: true,
  });
}

/** `identity.read-revocations.v1` and the like. */
export function readRevocationsOperation(
  service: string,
): Operation<ReadRevocationsRequest, RevocationPage> {
  return operation<RevocationPage>()(`${service}.read-revocations.v1`, ReadRevocationsRequest, {
    idempotent: true,
  });
}

/** Where a service tells all gateways of new entries: `NumberedRevocation[]`. */
export function revocationsSubject(service: string): string {
  return `revocations.${service}.entries`;
}

/** Where gateways tell all replicas of a service what they have applied: `AppliedRevocations`. */
export function appliedSubject(service: string): string {
  return `revocations.${service}.applied`;
}

/** A gateway has applied every entry up to this one. */
export interface AppliedRevocations {
  gatewayId: string;
  sequence: number;
}

/** What a revocation can say of itself when it answers. */
export interface RevocationReceipt {
  /** Gateways that refuse, of the gateways there are: `3/3`. */
  effectiveOn: string;
  /** From the commit until the last of them did, or could not accept anything any more. */
  milliseconds: number;
}
