import type { Actor } from '@flotilla/contracts/actor';
import type { RateLimit } from '@flotilla/contracts/api-keys';
import type { RequestContext } from '@flotilla/runtime/request-context';
import type { Taken } from '../rate-limit/enforce.js';
import type { Version } from './version.js';

/** What the gateway knows of a request: its context for logs and calls, filled in as the request passes. */
export class EdgeContext implements RequestContext {
  /** Set by the guard, once it knows who asks. */
  actor?: Actor;
  /** Set by the guard: the limit that the credential brings with it, when it is not the usual one. */
  rateLimit?: RateLimit;
  /** What the request has taken of its limits so far. */
  readonly taken: Taken[] = [];
  /** To be called before a credential is looked up elsewhere; throws `rate-limited` for an address that guesses. */
  beforeLookUp?: () => void;
  /** Units of the key's quota that were spent on it. */
  quotaUnits = 0;
  /** Set when the request has arrived. */
  address?: string;
  /** How long it stood in line before it began, in milliseconds: part of the time that it has. */
  stoodMs = 0;
  /** Set when the request has arrived in full. */
  deadline?: number;

  constructor(
    readonly requestId: string,
    /** Below `/api`, and so in one version of the API. */
    readonly api: boolean,
    /** The version to answer in. */
    readonly version: Version,
    /** `/api` or `/api/vN`, as the client wrote it: what addresses in the answer start with. */
    readonly prefix: string,
  ) {}
}

declare module 'fastify' {
  interface FastifyRequest {
    edge: EdgeContext;
  }
  interface FastifyContextConfig {
    /** The media types a route reads as a stream, instead of one JSON object. */
    streams?: readonly string[];
  }
}
