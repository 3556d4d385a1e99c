import { AppError, type FieldError, isAppError } from './errors.js';

/** The refusal of one field. `pointer` is an RFC 6901 JSON pointer into the request. */
export function invalidField(field: FieldError): AppError<'validation-failed'> {
  return invalid([field]);
}

/**
 * What all of these give; of those that refuse their field each is heard, so that a client learns of everything at once.
 * @throws AppError `validation-failed`
 */
export function allValid<Parts extends object>(parts: {
  [Name in keyof Parts]: () => Parts[Name];
}): Parts {
  const errors: FieldError[] = [];
  const valid: Partial<Parts> = {};
  for (const name of Object.keys(parts) as (keyof Parts)[]) {
    try {
      valid[name] = parts[name]();
    } catch (error) {
      if (!isAppError(error, 'validation-failed')) throw error;
      errors.push(...error.details!.errors);
    }
  }
  if (errors.length > 0) throw invalid(errors);
  return valid as Parts;
}

function invalid(errors: FieldError[]): AppError<'validation-failed'> {
  return new AppError('validation-failed', 'The request is not valid.', { details: { errors } });
}
