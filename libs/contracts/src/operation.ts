import type { ErrorCode } from './errors.js';

/** A DTO class with class-validator rules. */
export type RequestClass<Request extends object> = new () => Request;

/**
 * One request that a service answers: its NATS subject, the DTO it takes, the type it returns (a phantom,
 * known to the compiler only) and the refusals a caller has to reckon with besides the general ones.
 */
export interface Operation<Request extends object, Response> {
  readonly subject: string;
  readonly request: RequestClass<Request>;
  /** Repeating it changes nothing more, so the gateway may retry it within its budget. */
  readonly idempotent: boolean;
  readonly errors: readonly ErrorCode[];
  readonly response?: Response;
}

/** Defines an operation; `operation<View>()(…)` because only the response has to be spelled out. */
export function operation<Response>() {
  return <Request extends object>(
    subject: `${string}.${string}.v${number}`,
    request: RequestClass<Request>,
    options: { idempotent: boolean; errors?: readonly ErrorCode[] },
  ): Operation<Request, Response> => ({
    subject,
    request,
    idempotent: options.idempotent,
    errors: options.errors ?? [],
  });
}
