import {
  ConfigError,
  count,
  type Environment,
  loadConfig,
  port,
  type ProcessConfig,
  processConfig,
  str,
  url,
} from '@flotilla/runtime/config';

/** What the gateway is told. Times in milliseconds. */
export interface GatewayConfig extends ProcessConfig {
  /** Where `/metrics` is, on the same address as the public port; 0 for any free port. */
  metricsPort: number;
  /** How clients reach the gateway: origin, without a slash at the end. */
  publicUrl: string;
  /** Addresses and CIDRs whose `X-Forwarded-*` are believed; none by default. */
  trustedProxies: string[];
  /** How long a request may take to arrive in full. */
  requestTimeoutMs: number;
  /** Since when v1 is deprecated (RFC 9745) and from when on it may be gone (RFC 8594). */
  v1DeprecatedAt: Date;
  v1SunsetAt: Date;
}

/** Token of the `GatewayConfig`. */
export const GATEWAY_CONFIG = Symbol('GatewayConfig');

const SPECS = {
  METRICS_PORT: port({ default: 0 }),
  PUBLIC_URL: url({ default: 'http://localhost:3000' }),
  TRUSTED_PROXIES: str({ default: '' }),
  REQUEST_TIMEOUT_MS: count({ default: 120_000 }),
  V1_DEPRECATED_AT: str({ default: '2026-01-01T00:00:00Z' }),
  V1_SUNSET_AT: str({ default: '2027-12-31T23:59:59Z' }),
};

/** The configuration of the gateway, which listens on port 3000 unless told otherwise. @throws ConfigError */
export function gatewayConfig(env: Environment = process.env): GatewayConfig {
  const portGiven = env.PORT || env.PORT_FILE;
  const read = loadConfig(SPECS, env);
  return {
    ...processConfig(portGiven ? env : { ...env, PORT: '3000' }),
    metricsPort: read.METRICS_PORT,
    publicUrl: read.PUBLIC_URL.replace(/\/+$/, ''),
    trustedProxies: read.TRUSTED_PROXIES.split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
    requestTimeoutMs: read.REQUEST_TIMEOUT_MS,
    v1DeprecatedAt: date('V1_DEPRECATED_AT', read.V1_DEPRECATED_AT),
    v1SunsetAt: date('V1_SUNSET_AT', read.V1_SUNSET_AT),
  };
}

function date(name: string, text: string): Date {
  const value = new Date(text);
  if (Number.isNaN(value.getTime())) throw new ConfigError([`${name} is not valid`]);
  return value;
}
