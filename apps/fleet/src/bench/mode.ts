import type { Load } from './load/load.js';
import type { Target } from './target.js';

/** What one measurement gave. What does not fit the mode, or cannot be seen on this machine, is left out. */
export interface Figures {
  /** Operations that were answered as they should be. */
  perSecond: number;
  p50Ms?: number;
  p95Ms?: number;
  p99Ms?: number;
  /** Over all processes of the fleet and its servers, until all that the operations set off was done. */
  cpuMsPerOp?: number;
  /** The same by process, in milliseconds per operation. */
  byProcess?: Record<string, number>;
  /** What the load generator took; no part of `cpuMsPerOp`. */
  loadCpuMsPerOp?: number;
  statementsPerOp?: number;
  /** From the last answer until every event had reached everybody. */
  settleMs?: number;
  /** Of the modes `events`, `webhooks` and `mails`: the orders that were placed while the lag was measured. */
  ordersPerSecond?: number;
  /** Of the mode `identity`: sign-ins by page and form, and their CPU over all processes. */
  signInsPerSecond?: number;
  cpuMsPerSignIn?: number;
  /** Of the mode `identity`: what a read takes more of the gateway with an access token than without a credential. */
  guardCpuMs?: number;
  /** Of the mode `messaging`: its CPU against that of the bare client. */
  ratioToRaw?: number;
  /** Of reads through the gateway: operations a second against those of a gateway without guards. */
  ratioToUnguarded?: number;
  /** Of reads by GraphQL: their CPU against that of the same data by REST. */
  ratioToRest?: number;
  /** Of the mode `cache`: the share of reads that nothing had to be asked for. */
  hitRatio?: number;
  /** Of verifications: megabytes in use after a million random keys more than before, and warm keys that were forgotten for them. */
  heapGrowthMb?: number;
  forgotten?: number;
}

/** What must be zero: units sold twice, orders that were answered and are nowhere, orders that are there twice. */
export interface Zeros {
  oversold: number;
  lost: number;
  doubled: number;
}

export interface Measurement {
  /** Which of the mode's, where it has several. */
  variant?: string;
  /** Workers that ask one after another. */
  concurrency: number;
  seconds: number;
}

/** Something worth measuring. One file each, and a line in `modes.ts`. */
export interface Mode {
  readonly name: string;
  /** For `--help`. */
  readonly summary: string;
  /** For a mode that knows its own, whatever the command line says. */
  readonly concurrency?: number;
  /** A row each, where one row does not say it all; with their own concurrency. */
  readonly variants?: readonly { name: string; concurrency: number }[];
  /** What workers do, in the process of the load generator; `settings` is what the mode gave `Target.load`. */
  readonly load?: (settings: unknown) => Load;
  prepare(target: Target): Promise<PreparedMode>;
}

/** A mode whose products, databases or processes are there. */
export interface PreparedMode {
  measure(measurement: Measurement): Promise<Figures>;
  /** Compares what clients were told in all measurements with the databases. */
  audit?(): Promise<Zeros>;
  close(): Promise<void>;
}
