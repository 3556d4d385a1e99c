import type { LoadConnection } from './connection.js';

/** What the workers of a mode do, in the process of the load generator. */
export interface Load {
  /**
   * One operation of a worker, over its own connection.
   * @throws Error with what went wrong in a few words: it is counted by them, and the worker goes on
   */
  operate(gateway: LoadConnection): Promise<void>;
  /** Its requests say themselves who asks; else the fleet's own key does. */
  readonly bringsCredentials?: boolean;
  /** What the operations were told, as JSON, for the audit. */
  record?(): unknown;
}

/** A load to be put on a gateway. */
export interface LoadJob {
  /** The name of the mode whose `load` says what to do. */
  mode: string;
  settings: unknown;
  url: string;
  /** Sent with every request, unless the load brings its own credentials. */
  apiKey: string;
  concurrency: number;
  seconds: number;
  /** Operations are begun at this pace, as far as the workers can; as fast as they can when left out. */
  perSecond?: number;
}

/** What became of it. */
export interface LoadResult {
  /** Operations that were answered as they should be. */
  operations: number;
  /** From the first request to the last answer. */
  seconds: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  /** Processor time of the load generator, in milliseconds. */
  cpuMs: number;
  /** What went wrong, and how often. */
  troubles: Record<string, number>;
  record: unknown;
}
