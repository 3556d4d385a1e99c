import { AppError } from '@flotilla/contracts/errors';

/** The versions a client may ask for, oldest first. */
export const VERSIONS = ['v1', 'v2'] as const;
export type Version = (typeof VERSIONS)[number];

/** What a client gets that asks for nothing. */
export const DEFAULT_VERSION: Version = 'v1';

const ORIGIN = /^https?:\/\/[^/?#]*/i;
const VERSIONED_PATH = /^\/api\/(v\d[^/?]*)(?=[/?]|$)/;

/** Letters, digits and `-._~`, which are the same character with and without an escape (RFC 3986 §6.2.2.2). */
const NEEDLESS_ESCAPE = /%(?:2[DE]|3\d|4[1-9A-F]|5[\dAF]|6[1-9A-F]|7[\dAE])/gi;

/** A request target without origin (RFC 9112 §3.2.2 allows one), needless escapes and version, and the version it named. */
export interface Target {
  url: string;
  version?: string;
}

/** A path as routers read it, so that nobody gets around what looks at it. */
export function withoutNeedlessEscapes(path: string): string {
  return path.includes('%') ? path.replace(NEEDLESS_ESCAPE, decodeURIComponent) : path;
}

/** Takes the version out of `/api/vN/…`, so that one route serves all of them. */
export function parseTarget(requestTarget: string): Target {
  const written = requestTarget.replace(ORIGIN, '') || '/';
  const url = written.replace(/^[^?]*/, withoutNeedlessEscapes);
  const version = VERSIONED_PATH.exec(url)?.[1];
  return version === undefined ? { url } : { url: url.replace(`/${version}`, ''), version };
}

/** Whether a path (with or without a query) belongs to the versioned API. */
export function isApiPath(url: string): boolean {
  return /^\/api(?:[/?]|$)/.test(url);
}

/**
 * The version to answer in: that of the header, else that of the path, else v1.
 * @throws AppError `unsupported-api-version` when either names one that there is not, even if the other one is fine
 */
export function resolveVersion(header: string | undefined, path: string | undefined): Version {
  const fromHeader = header === undefined ? undefined : supported(header, /^v?([1-9]\d*)$/);
  const fromPath = path === undefined ? undefined : supported(path, /^v([1-9]\d*)$/);
  return fromHeader ?? fromPath ?? DEFAULT_VERSION;
}

function supported(requested: string, syntax: RegExp): Version {
  const number = syntax.exec(requested)?.[1];
  const version = VERSIONS.find((known) => known === `v${number}`);
  if (version !== undefined) return version;
  throw new AppError('unsupported-api-version', 'There is no such version of this API.', {
    details: { supported: [...VERSIONS], requested },
  });
}
