import {
  count,
  type Environment,
  loadConfig,
  redisConfig,
  type RedisConfig,
  whole,
} from '@flotilla/runtime/config';

/** What a process with a cache is told. */
export interface CacheConfig extends RedisConfig {
  /** How long a value is kept in a layer, in milliseconds, when nobody says that it is out of date; 0 keeps nothing. */
  cacheMs: number;
  /** How much of this process's memory values may take, in MiB. */
  cacheMib: number;
}

/** Token of the `CacheConfig`. */
export const CACHE_CONFIG = Symbol('CacheConfig');

const SPECS = { CACHE_MS: whole({ default: 30_000 }), CACHE_MIB: count({ default: 32 }) };

/** The configuration of a cache. @throws ConfigError */
export function cacheConfig(env: Environment = process.env): CacheConfig {
  const read = loadConfig(SPECS, env);
  return { ...redisConfig(env), cacheMs: read.CACHE_MS, cacheMib: read.CACHE_MIB };
}
