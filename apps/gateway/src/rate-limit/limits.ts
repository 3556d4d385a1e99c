import { ConfigError } from '@flotilla/runtime/config';
import type { Window } from './sliding-window.js';

/** A limit as clients are told of it. */
export interface Policy extends Window {
  /** What is limited: `key`, `user`, `address`, … (the name in `RateLimit-Policy`). */
  name: string;
}

/** The limits of the gateway by what they are for. */
export interface Limits {
  /** Requests without a credential, by address. */
  anonymous: Policy;
  /** What a key or user has that says nothing else. */
  caller: Window;
  /** Registrations, by address. */
  register: Policy;
  /** Passwords and codes that are tried, by address. */
  signIn: Policy;
  /** Requests for tokens, by address and client. */
  token: Policy;
  /** Credentials that were no good, by address. */
  failedAuthentication: Policy;
}

/** Variables and what they are without being set: so many per so many seconds. */
export const LIMIT_DEFAULTS = {
  RATE_LIMIT_ANONYMOUS: '600/60',
  RATE_LIMIT_CALLER: '600/60',
  RATE_LIMIT_REGISTER: '10/60',
  RATE_LIMIT_SIGN_IN: '20/60',
  RATE_LIMIT_TOKEN: '120/60',
  RATE_LIMIT_FAILED_AUTHENTICATION: '60/60',
} as const;

/** Reads the limits. @throws ConfigError naming those that are not `units/seconds` */
export function readLimits(given: Record<keyof typeof LIMIT_DEFAULTS, string>): Limits {
  const problems = Object.entries(given).flatMap(([name, text]) =>
    parse(text) ? [] : [`${name} is not valid`],
  );
  if (problems.length > 0) throw new ConfigError(problems);
  const policy = (name: string, variable: keyof typeof LIMIT_DEFAULTS): Policy => ({
    name,
    ...parse(given[variable])!,
  });
  return {
    anonymous: policy('address', 'RATE_LIMIT_ANONYMOUS'),
    caller: parse(given.RATE_LIMIT_CALLER)!,
    register: policy('register', 'RATE_LIMIT_REGISTER'),
    signIn: policy('sign-in', 'RATE_LIMIT_SIGN_IN'),
    token: policy('token', 'RATE_LIMIT_TOKEN'),
    failedAuthentication: policy('failed-authentication', 'RATE_LIMIT_FAILED_AUTHENTICATION'),
  };
}

function parse(text: string): Window | undefined {
  const [, limit, seconds] = /^([1-9]\d{0,8})\/([1-9]\d{0,4})$/.exec(text) ?? [];
  return limit === undefined
    ? undefined
    : { limit: Number(limit), windowMs: Number(seconds) * 1_000 };
}
