/**
 * Errors of the public contract, known by code everywhere and by HTTP status only in the gateway.
 * A service throws an `AppError`; messaging carries it as a `WireError`; the gateway answers RFC 9457.
 */

/** What sort of refusal a code is: enough for a caller to decide whether to retry, change or give up. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'gone'
  | 'limited'
  | 'unavailable'
  | 'internal';

/** Every code of the contract with its kind and a title that does not vary with the occurrence. */
export const ERRORS = {
  'validation-failed': { kind: 'invalid', title: 'The request is not valid' },
  'malformed-json': { kind: 'invalid', title: 'The body is not valid JSON' },
  'unsupported-api-version': { kind: 'invalid', title: 'Unsupported API version' },
  'idempotency-key-required': { kind: 'invalid', title: 'An Idempotency-Key is required' },
  unauthenticated: { kind: 'unauthenticated', title: 'Authentication is required' },
  'insufficient-permission': { kind: 'forbidden', title: 'A permission is missing' },
  'address-not-allowed': { kind: 'forbidden', title: 'The address is not allowed' },
  'not-found': { kind: 'not-found', title: 'Not found' },
  'method-not-allowed': { kind: 'invalid', title: 'The method is not allowed here' },
  'email-taken': { kind: 'conflict', title: 'The e-mail address is taken' },
  'insufficient-stock': { kind: 'conflict', title: 'Not enough stock' },
  'version-conflict': { kind: 'conflict', title: 'The resource changed meanwhile' },
  'illegal-transition': { kind: 'conflict', title: 'Not possible in the current state' },
  'idempotency-key-in-flight': { kind: 'conflict', title: 'The first request is still running' },
  'order-voided': { kind: 'conflict', title: 'The attempt was withdrawn' },
  'amount-exceeded': { kind: 'conflict', title: 'The amount is exceeded' },
  'quantity-exceeded': { kind: 'conflict', title: 'The quantity is exceeded' },
  'sku-taken': { kind: 'conflict', title: 'The SKU is taken' },
  'hold-expired': { kind: 'gone', title: 'The hold has expired' },
  'precondition-failed': { kind: 'conflict', title: 'The resource is not at that version' },
  'payload-too-large': { kind: 'invalid', title: 'The body is too large' },
  'request-timeout': { kind: 'invalid', title: 'The request took too long to arrive' },
  'expectation-failed': { kind: 'invalid', title: 'The expectation cannot be met' },
  'headers-too-large': { kind: 'invalid', title: 'The header fields are too large' },
  'unsupported-media-type': { kind: 'invalid', title: 'The media type is not supported' },
  'idempotency-key-reuse': { kind: 'invalid', title: 'The key was used for another request' },
  'unknown-sku': { kind: 'invalid', title: 'Unknown SKU' },
  'rate-limited': { kind: 'limited', title: 'Too many requests' },
  'quota-exhausted': { kind: 'limited', title: 'The quota is used up' },
  internal: { kind: 'internal', title: 'Something went wrong on our side' },
  unavailable: { kind: 'unavailable', title: 'Temporarily unavailable' },
  'deadline-exceeded': { kind: 'unavailable', title: 'It took too long' },
} as const satisfies Record<string, { kind: ErrorKind; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** One field that is not valid. `pointer` is an RFC 6901 JSON pointer into the request body. */
export interface FieldError {
  pointer: string;
  code: string;
  detail: string;
}

/** A line of an order that the stock cannot cover. Quantities in units. */
export interface ShortLine {
  sku: string;
  requested: number;
  available: number;
}

/** What travels with a code, for the codes that say more than their message. */
export interface ErrorDetails {
  'validation-failed': { errors: FieldError[] };
  'unknown-sku': { errors: FieldError[] };
  'insufficient-stock': { lines: ShortLine[] };
  'insufficient-permission': { permission: string };
  'unsupported-api-version': { supported: string[]; requested: string };
  'method-not-allowed': { allow: string[] };
  unavailable: { retryAfterSeconds: number };
  'rate-limited': { retryAfterSeconds: number };
  'quota-exhausted': { retryAfterSeconds: number };
}

export type DetailsOf<Code extends ErrorCode> = Code extends keyof ErrorDetails
  ? ErrorDetails[Code]
  : undefined;

/** An error as it crosses a process boundary: nothing in it that a client may not read. */
export interface WireError<Code extends ErrorCode = ErrorCode> {
  code: Code;
  kind: ErrorKind;
  message: string;
  details?: DetailsOf<Code>;
}

/**
 * A refusal or fault of the contract. `message` and `details` are shown to the client;
 * what only operators may read belongs in `cause`, which never leaves the process.
 */
export class AppError<Code extends ErrorCode = ErrorCode> extends Error {
  readonly kind: ErrorKind;
  readonly details?: DetailsOf<Code>;

  constructor(
    readonly code: Code,
    message: string,
    options: { details?: DetailsOf<Code>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.kind = ERRORS[code].kind;
    this.details = options.details;
  }

  toWire(): WireError<Code> {
    return {
      code: this.code,
      kind: this.kind,
      message: this.message,
      ...(this.details === undefined ? {} : { details: this.details }),
    };
  }

  /** The error another process threw. An unknown code (an older or newer peer) becomes `internal`. */
  static fromWire(wire: WireError): AppError {
    const code: ErrorCode = wire.code in ERRORS ? wire.code : 'internal';
    return new AppError(code, wire.message, { details: wire.details as DetailsOf<ErrorCode> });
  }
}

/** Narrows to an `AppError`, of one code if given. */
export function isAppError<Code extends ErrorCode>(
  error: unknown,
  code?: Code,
): error is AppError<Code> {
  return error instanceof AppError && (code === undefined || error.code === code);
}

/** What is not there and what the caller may not see are one and the same answer. */
export function notFound(what: string): AppError<'not-found'> {
  return new AppError('not-found', `There is no such ${what}.`);
}
