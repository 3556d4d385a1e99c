import { ValidateIf } from 'class-validator';

/** A field that may be left out; unlike `IsOptional`, null is not as good as nothing. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
