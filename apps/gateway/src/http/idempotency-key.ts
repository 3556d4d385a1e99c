import { AppError } from '@flotilla/contracts/errors';
import { newUuid } from '@flotilla/contracts/ids';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

const VALID = /^[\x21-\x7e]{1,255}$/;

/**
 * The `Idempotency-Key` that a request has to carry.
 * @throws AppError `idempotency-key-required` without one, `validation-failed` for one that is not 1…255 visible ASCII
 */
export function idempotencyKeyOf({ headers }: Pick<FastifyRequest, 'headers'>): string {
  const key = headers['idempotency-key'];
  if (key === undefined || key === '') {
    throw new AppError('idempotency-key-required', 'Send a key of your own in Idempotency-Key.');
  }
  if (typeof key === 'string' && VALID.test(key)) return key;
  throw new AppError(
    'validation-failed',
    'Idempotency-Key takes 1 to 255 visible ASCII characters.',
    {
      details: { errors: [] },
    },
  );
}

/** Gives a handler the request's idempotency key; refuses a request without one. */
export const IdempotencyKey = createParamDecorator((_: unknown, host: ExecutionContext) =>
  idempotencyKeyOf(host.switchToHttp().getRequest<FastifyRequest>()),
);

/** Gives a handler the request's idempotency key, or one of its own, so that at least we do nothing twice. */
export const OptionalIdempotencyKey = createParamDecorator((_: unknown, host: ExecutionContext) => {
  const request = host.switchToHttp().getRequest<FastifyRequest>();
  return request.headers['idempotency-key'] === undefined ? newUuid() : idempotencyKeyOf(request);
});
