import { type CacheConfig, cacheConfig } from '@flotilla/cache/cache-config';
import {
  count,
  type Environment,
  loadConfig,
  serviceConfig,
  type ServiceConfig,
} from '@flotilla/runtime/config';

/** When holds that nobody decided are looked after. Times in milliseconds. */
export interface SweepConfig {
  /** The pause between two sweeps. */
  sweepIntervalMs: number;
  /** How long orders may take to decide before it is asked; ten times the deadline of placing an order, at least. */
  holdGraceMs: number;
}

export interface InventoryConfig extends ServiceConfig, SweepConfig, CacheConfig {}

/** Token of the `SweepConfig`. */
export const SWEEP_CONFIG = Symbol('SweepConfig');

/** The configuration of inventory. @throws ConfigError */
export function inventoryConfig(env: Environment): InventoryConfig {
  const read = loadConfig(
    { SWEEP_INTERVAL_MS: count({ default: 5_000 }), HOLD_GRACE_MS: count({ default: 60_000 }) },
    env,
  );
  return {
    ...serviceConfig(env),
    ...cacheConfig(env),
    sweepIntervalMs: read.SWEEP_INTERVAL_MS,
    holdGraceMs: read.HOLD_GRACE_MS,
  };
}
