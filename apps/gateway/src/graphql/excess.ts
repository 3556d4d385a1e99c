import { AppError } from '@flotilla/contracts/errors';

/** An operation that nobody runs, and by which rule. */
export function excess(rule: string, detail: string): AppError<'validation-failed'> {
  return new AppError('validation-failed', detail, {
    details: { errors: [{ pointer: '/query', code: rule, detail }] },
  });
}
