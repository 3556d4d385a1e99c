import {
  count,
  type Environment,
  loadConfig,
  serviceConfig,
  type ServiceConfig,
} from '@flotilla/runtime/config';

/** When orders whose hold has ended are looked after. */
export interface SweepConfig {
  /** The pause between two sweeps, in milliseconds: how late an end may be written down. Readers see it in time all the same. */
  sweepIntervalMs: number;
}

export interface OrdersConfig extends ServiceConfig, SweepConfig {}

/** Token of the `SweepConfig`. */
export const SWEEP_CONFIG = Symbol('SweepConfig');

/** The configuration of orders. @throws ConfigError */
export function ordersConfig(env: Environment): OrdersConfig {
  const read = loadConfig({ SWEEP_INTERVAL_MS: count({ default: 1_000 }) }, env);
  return { ...serviceConfig(env), sweepIntervalMs: read.SWEEP_INTERVAL_MS };
}
