import { AppError } from '@flotilla/contracts/errors';
import { escapePointer } from './json-body.js';

/** Refuses fields that there are not. @throws AppError `validation-failed` with a pointer to each, if there is one */
export function refuseUnknownFields(names: readonly string[]): void {
  if (names.length === 0) return;
  const errors = names.map((name) => ({
    pointer: `/${escapePointer(name)}`,
    code: 'unknown-field',
    detail: `property ${name} should not exist`,
  }));
  throw new AppError('validation-failed', 'The request is not valid.', { details: { errors } });
}
