import {
  AppError,
  ERRORS,
  type DetailsOf,
  type ErrorCode,
  type FieldError,
} from '@flotilla/contracts/errors';

/** Only the gateway knows HTTP: the status of each code of the contract. */
export const STATUS: Record<ErrorCode, number> = {
  'validation-failed': 400,
  'malformed-json': 400,
  'unsupported-api-version': 400,
  'idempotency-key-required': 400,
  unauthenticated: 401,
  'insufficient-permission': 403,
  'address-not-allowed': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  'email-taken': 409,
  'insufficient-stock': 409,
  'version-conflict': 409,
  'illegal-transition': 409,
  'idempotency-key-in-flight': 409,
  'order-voided': 409,
  'amount-exceeded': 409,
  'quantity-exceeded': 409,
  'sku-taken': 409,
  'hold-expired': 410,
  'precondition-failed': 412,
  'payload-too-large': 413,
  'unsupported-media-type': 415,
  'expectation-failed': 417,
  'idempotency-key-reuse': 422,
  'unknown-sku': 422,
  'rate-limited': 429,
  'quota-exhausted': 429,
  'headers-too-large': 431,
  internal: 500,
  unavailable: 503,
  'deadline-exceeded': 504,
};

/** More would make the answer longer than the request. */
const MAX_ERRORS = 100;

export const PROBLEM_TYPE = 'application/problem+json';

/** The body of an error (RFC 9457), with the members that some codes add. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  requestId: string;
  errors?: FieldError[];
  [member: string]: unknown;
}

/** An error as it goes over HTTP. */
export interface ProblemResponse {
  status: number;
  headers: Record<string, string>;
  body: Problem;
}

/** Says over HTTP what an error of the contract says; `docsUrl` is where the types of problems are explained. */
export function problemResponse(
  error: AppError,
  requestId: string,
  docsUrl: string,
): ProblemResponse {
  const status = STATUS[error.code];
  const { errors, ...members } = { ...error.details } as { errors?: FieldError[] };
  return {
    status,
    headers: { 'content-type': PROBLEM_TYPE, ...headersOf(error) },
    body: {
      ...members,
      ...(errors && { errors: errors.slice(0, MAX_ERRORS) }),
      type: `${docsUrl}#${error.code}`,
      title: ERRORS[error.code].title,
      status,
      detail: error.message,
      code: error.code,
      requestId,
    },
  };
}

function headersOf(error: AppError): Record<string, string> {
  switch (STATUS[error.code]) {
    case 401:
      return { 'www-authenticate': 'Bearer realm="flotilla"' };
    case 405:
      return { allow: (error.details as DetailsOf<'method-not-allowed'>).allow.join(', ') };
    case 429:
    case 503:
      return { 'retry-after': String(retryAfter(error)) };
    default:
      return {};
  }
}

/** Integer seconds (RFC 9110 §10.2.3), and at least one, so that nobody spins. */
function retryAfter(error: AppError): number {
  const details = error.details as DetailsOf<'unavailable'> | undefined;
  return Math.max(1, Math.ceil(details?.retryAfterSeconds ?? 1));
}
