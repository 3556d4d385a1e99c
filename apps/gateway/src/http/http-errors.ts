import { AppError, isAppError } from '@flotilla/contracts/errors';
import { HttpException } from '@nestjs/common';

/**
 * Any error as one of the contract: what Fastify and Nest found wrong with a request keeps its meaning, everything else
 * is `internal`, with the original as its cause.
 */
export function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  if (error instanceof HttpException) {
    if (error.cause !== undefined) return toAppError(error.cause);
    if (error.getStatus() === 404) return nothingHere();
  }
  const known = refusals[codeOf(error)];
  return (
    known?.() ?? new AppError('internal', 'Something went wrong on our side.', { cause: error })
  );
}

/** There is no route at an address. */
export function nothingHere(): AppError<'not-found'> {
  return new AppError('not-found', 'There is nothing at this address.');
}

const refusals: Record<string, () => AppError> = {
  FST_ERR_BAD_URL: () => invalid('The address is not a valid URL.'),
  FST_ERR_MAX_PARAM_LENGTH: nothingHere,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () =>
    new AppError('unsupported-media-type', 'This route does not take that content type.'),
  FST_ERR_CTP_BODY_TOO_LARGE: () => new AppError('payload-too-large', 'The body is too large.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    invalid('The body is not as long as Content-Length says.'),
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: () =>
    new AppError('unsupported-media-type', 'The content type is missing.'),
};

function invalid(detail: string): AppError<'validation-failed'> {
  return new AppError('validation-failed', detail, { details: { errors: [] } });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
