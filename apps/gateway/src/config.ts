import { type CacheConfig, cacheConfig } from '@flotilla/cache/cache-config';
import {
  bool,
  ConfigError,
  count,
  type Environment,
  loadConfig,
  port,
  type ProcessConfig,
  processConfig,
  str,
  url,
  whole,
} from '@flotilla/runtime/config';
import { LIMIT_DEFAULTS, type Limits, readLimits } from './rate-limit/limits.js';

/** What the gateway is told. Times in milliseconds. */
export interface GatewayConfig extends ProcessConfig, CacheConfig {
  /** Where `/metrics` is, on the same address as the public port; 0 for any free port. */
  metricsPort: number;
  /** How clients reach the gateway: origin, without a slash at the end. */
  publicUrl: string;
  /** Origins of the replicas of identity, whose private port answers what is forwarded. */
  identityUrls: string[];
  /** Addresses and CIDRs whose `X-Forwarded-*` are believed; none by default. */
  trustedProxies: string[];
  /** Origins whose pages may call the API; none by default. */
  corsOrigins: string[];
  /** How long the gateway serves on after it was told to stop, so that who sends requests hears of it. */
  noticeMs: number;
  /** How long a request may take to arrive in full, and a client to read on. */
  requestTimeoutMs: number;
  /** How many gateways there are: each admits so large a part of a limit while it counts alone. */
  replicas: number;
  limits: Limits;
  /** Whether clients may ask for the schema of GraphQL. */
  introspection: boolean;
  /** Since when v1 is deprecated (RFC 9745) and from when on it may be gone (RFC 8594). */
  v1DeprecatedAt: Date;
  v1SunsetAt: Date;
}

/** Token of the `GatewayConfig`. */
export const GATEWAY_CONFIG = Symbol('GatewayConfig');

const SPECS = {
  METRICS_PORT: port({ default: 0 }),
  PUBLIC_URL: url({ default: 'http://localhost:3000' }),
  IDENTITY_URL: str({ default: '' }),
  TRUSTED_PROXIES: str({ default: '' }),
  CORS_ORIGINS: str({ default: '' }),
  DRAIN_NOTICE_MS: whole({ default: 0 }),
  REQUEST_TIMEOUT_MS: count({ default: 120_000 }),
  GATEWAY_REPLICAS: count({ default: 1 }),
  GRAPHQL_INTROSPECTION: bool({ default: true }),
  V1_DEPRECATED_AT: str({ default: '2026-01-01T00:00:00Z' }),
  V1_SUNSET_AT: str({ default: '2027-12-31T23:59:59Z' }),
};
const LIMIT_SPECS = Object.fromEntries(
  Object.entries(LIMIT_DEFAULTS).map(([name, value]) => [name, str({ default: value })]),
) as Record<keyof typeof LIMIT_DEFAULTS, ReturnType<typeof str<string>>>;

/** The configuration of the gateway, which listens on port 3000 unless told otherwise. @throws ConfigError */
export function gatewayConfig(env: Environment = process.env): GatewayConfig {
  const portGiven = env.PORT || env.PORT_FILE;
  const read = loadConfig(SPECS, env);
  return {
    ...processConfig(portGiven ? env : { ...env, PORT: '3000' }),
    ...cacheConfig(env),
    metricsPort: read.METRICS_PORT,
    publicUrl: read.PUBLIC_URL.replace(/\/+$/, ''),
    identityUrls: list(read.IDENTITY_URL).map(originIn),
    trustedProxies: list(read.TRUSTED_PROXIES),
    corsOrigins: list(read.CORS_ORIGINS),
    noticeMs: read.DRAIN_NOTICE_MS,
    requestTimeoutMs: read.REQUEST_TIMEOUT_MS,
    replicas: read.GATEWAY_REPLICAS,
    limits: readLimits(loadConfig(LIMIT_SPECS, env)),
    introspection: read.GRAPHQL_INTROSPECTION,
    v1DeprecatedAt: date('V1_DEPRECATED_AT', read.V1_DEPRECATED_AT),
    v1SunsetAt: date('V1_SUNSET_AT', read.V1_SUNSET_AT),
  };
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
}

function originIn(text: string): string {
  const { origin, protocol } = URL.parse(text) ?? {};
  if (origin && /^https?:$/.test(protocol ?? '')) return origin;
  throw new ConfigError(['IDENTITY_URL is not valid']);
}

function date(name: string, text: string): Date {
  const value = new Date(text);
  if (Number.isNaN(value.getTime())) throw new ConfigError([`${name} is not valid`]);
  return value;
}
