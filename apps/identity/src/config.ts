import {
  bool,
  ConfigError,
  count,
  type Environment,
  loadConfig,
  type ServiceConfig,
  serviceConfig,
  str,
  url,
} from '@flotilla/runtime/config';

/** What identity is told. */
export interface IdentityConfig extends ServiceConfig {
  /** The issuer (RFC 8414 §2): the gateway's public origin, without a slash at the end. */
  issuer: string;
  /** Keys of 32 bytes; the first one seals what is stored, all of them open it. */
  sealingKeys: Buffer[];
  /** How long an access token is good for. */
  accessTokenSeconds: number;
  /** How long a signing key is published before it signs, so that everybody has it by then. */
  signingKeyLeadMs: number;
  /** The age at which a signing key gets a successor. */
  signingKeyDays: number;
  /** Whether clients may name addresses of private networks for their keys and for back-channel logout. */
  allowPrivateTargets: boolean;
}

/** Token of the `IdentityConfig`. */
export const IDENTITY_CONFIG = Symbol('IdentityConfig');

const KEY_BYTES = 32;
const ACCESS_TOKEN_SECONDS = { least: 300, most: 3_600 };

const SPECS = {
  PUBLIC_URL: url({ default: 'http://localhost:3000' }),
  SEALING_KEYS: str(),
  ACCESS_TOKEN_SECONDS: count({ default: ACCESS_TOKEN_SECONDS.least }),
  SIGNING_KEY_LEAD_MS: count({ default: 120_000 }),
  SIGNING_KEY_DAYS: count({ default: 30 }),
  OAUTH_ALLOW_PRIVATE_TARGETS: bool({ default: false }),
};

/** The configuration of identity. @throws ConfigError */
export function identityConfig(env: Environment = process.env): IdentityConfig {
  const read = loadConfig(SPECS, env);
  const { ACCESS_TOKEN_SECONDS: seconds } = read;
  if (seconds < ACCESS_TOKEN_SECONDS.least || seconds > ACCESS_TOKEN_SECONDS.most)
    throw new ConfigError(['ACCESS_TOKEN_SECONDS is not from 300 to 3600']);
  return {
    ...serviceConfig(env),
    issuer: originOf(read.PUBLIC_URL),
    sealingKeys: keysIn(read.SEALING_KEYS),
    accessTokenSeconds: seconds,
    signingKeyLeadMs: read.SIGNING_KEY_LEAD_MS,
    signingKeyDays: read.SIGNING_KEY_DAYS,
    allowPrivateTargets: read.OAUTH_ALLOW_PRIVATE_TARGETS,
  };
}

function originOf(publicUrl: string): string {
  const { origin, pathname } = new URL(publicUrl);
  if (pathname !== '/') throw new ConfigError(['PUBLIC_URL has a path']);
  return origin;
}

function keysIn(text: string): Buffer[] {
  const keys = text.split(',').map((key) => Buffer.from(key.trim(), 'base64url'));
  if (keys.every((key) => key.length === KEY_BYTES)) return keys;
  throw new ConfigError(['SEALING_KEYS are not base64url of 32 bytes each']);
}
