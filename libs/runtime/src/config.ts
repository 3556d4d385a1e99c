import { readFileSync } from 'node:fs';
import {
  customCleanEnv,
  EnvMissingError,
  makeValidator,
  str,
  url,
  type OptionalValidatorSpec,
  type RequiredValidatorSpec,
  type ValidatorSpec,
} from 'envalid';

export { bool, num, str, url } from 'envalid';

/** Where variables come from: `process.env` or a stand-in for it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with an environment, by name; never a value, since it may be a secret. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid: ${problems.join('; ')}`);
    this.name = 'ConfigError';
  }
}

/** A TCP port; 0 asks for any free one. */
export const port = makeValidator<number>((input) => wholeNumber(input, 0, 65_535));

/** A whole number of at least 1. */
export const count = makeValidator<number>((input) => wholeNumber(input, 1, 2 ** 31 - 1));

/** A whole number that may be 0. */
export const whole = makeValidator<number>((input) => wholeNumber(input, 0, 2 ** 31 - 1));

function wholeNumber(input: string, min: number, max: number): number {
  const value = Number(input);
  if (!/^\d+$/.test(input) || value < min || value > max) throw new TypeError('out of range');
  return value;
}

/** What `loadConfig` makes of its specs: those whose default is undefined may be undefined. */
export type Config<Specs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends OptionalValidatorSpec<infer Value>
    ? Value | undefined
    : Specs[Name] extends RequiredValidatorSpec<infer Value>
      ? Value
      : never;
};

/**
 * Reads and checks variables. `NAME_FILE` names a file that holds the value of `NAME` (a mounted secret);
 * an empty variable counts as absent.
 * @throws ConfigError with every problem at once.
 */
export function loadConfig<Specs extends Record<string, ValidatorSpec<unknown>>>(
  specs: Specs,
  env: Environment = process.env,
): Config<Specs> {
  const given: Record<string, string> = {};
  const problems = new Map<string, string>();
  for (const name of Object.keys(specs)) {
    const direct = env[name] || undefined;
    const path = env[`${name}_FILE`] || undefined;
    if (direct !== undefined && path !== undefined) {
      problems.set(name, `${name} and ${name}_FILE are both set`);
    }
    try {
      const value = path === undefined ? direct : readFileSync(path, 'utf8').trimEnd();
      if (value) given[name] = value;
    } catch {
      problems.set(name, `${name}_FILE cannot be read`);
    }
  }
  const config = customCleanEnv(given, specs, (cleaned) => ({ ...(cleaned as Config<Specs>) }), {
    reporter: ({ errors }) => {
      for (const [name, error] of Object.entries(errors)) {
        const problem = error instanceof EnvMissingError ? 'is missing' : 'is not valid';
        if (!problems.has(name)) problems.set(name, `${name} ${problem}`);
      }
    },
  });
  if (problems.size > 0) throw new ConfigError([...problems.values()]);
  return config;
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const PROCESS_SPECS = {
  HOST: str({ default: '127.0.0.1' }),
  PORT: port({ default: 0 }),
  NATS_URL: str(),
  NATS_REPLICAS: count({ default: 1 }),
  LOG_LEVEL: str<LogLevel>({ choices: LOG_LEVELS, default: 'info' }),
  OTEL_EXPORTER_OTLP_ENDPOINT: url({ default: undefined }),
  DRAIN_MS: count({ default: 10_000 }),
};
const DATABASE_SPECS = {
  DATABASE_URL: url(),
  POOL_MAX: count({ default: 10 }),
  SLOW_STATEMENT_MS: count({ default: 200 }),
  START_TIMEOUT_MS: count({ default: 30_000 }),
};

const REDIS_SPECS = {
  REDIS_URL: url({ default: undefined }),
  REDIS_SILENCE_MS: count({ default: 100 }),
};

/** What every process of the fleet is told. Times in milliseconds. */
export interface ProcessConfig {
  /** The address to listen on. */
  host: string;
  /** The port to listen on; 0 for any free one. */
  port: number;
  natsUrl: string;
  /** Copies that the brokers keep of each event; no more than there are brokers. */
  natsReplicas: number;
  logLevel: LogLevel;
  /** Where spans are sent by OTLP over HTTP; nowhere when undefined. */
  otlpEndpoint?: string;
  /** The longest a shutdown may take. */
  drainMs: number;
}

/** What a process with a database is told besides. Times in milliseconds. */
export interface DatabaseConfig {
  databaseUrl: string;
  /** The most connections at a time. */
  poolMax: number;
  /** Statements that take longer are logged. */
  slowStatementMs: number;
  /** The longest to wait at start for the database to answer. */
  startTimeoutMs: number;
}

export interface ServiceConfig extends ProcessConfig, DatabaseConfig {
  /** Events handled at once: half of the connections, so that requests find one however much there is to catch up with. */
  eventConcurrency: number;
}

/** What a process with a Redis is told besides. Times in milliseconds. */
export interface RedisConfig {
  /** None when undefined. */
  redisUrl?: string;
  /** How long Redis may say nothing to anybody before it counts as away. */
  redisSilenceMs: number;
}

/** The configuration of a process without a database (the gateway). @throws ConfigError */
export function processConfig(env: Environment = process.env): ProcessConfig {
  return toProcessConfig(loadConfig(PROCESS_SPECS, env));
}

/** The configuration of a service. @throws ConfigError */
export function serviceConfig(env: Environment = process.env): ServiceConfig {
  const read = loadConfig({ ...PROCESS_SPECS, ...DATABASE_SPECS }, env);
  return {
    ...toProcessConfig(read),
    databaseUrl: read.DATABASE_URL,
    poolMax: read.POOL_MAX,
    slowStatementMs: read.SLOW_STATEMENT_MS,
    startTimeoutMs: read.START_TIMEOUT_MS,
    eventConcurrency: Math.max(1, Math.floor(read.POOL_MAX / 2)),
  };
}

/** The configuration of what uses Redis. @throws ConfigError */
export function redisConfig(env: Environment = process.env): RedisConfig {
  const read = loadConfig(REDIS_SPECS, env);
  return { redisUrl: read.REDIS_URL, redisSilenceMs: read.REDIS_SILENCE_MS };
}

function toProcessConfig(read: Config<typeof PROCESS_SPECS>): ProcessConfig {
  return {
    host: read.HOST,
    port: read.PORT,
    natsUrl: read.NATS_URL,
    natsReplicas: read.NATS_REPLICAS,
    logLevel: read.LOG_LEVEL,
    otlpEndpoint: read.OTEL_EXPORTER_OTLP_ENDPOINT,
    drainMs: read.DRAIN_MS,
  };
}
