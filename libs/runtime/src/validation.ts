import { type ValidationError, ValidationPipe } from '@nestjs/common';
import { AppError, type FieldError } from '@flotilla/contracts/errors';

const TYPE_RULES = new Set(['isInt', 'isString', 'isObject', 'isArray', 'isBoolean']);

/**
 * class-validator's errors as pointers (RFC 6901) into the message; one entry per broken rule. What is of another type
 * breaks every rule about the values of that type too: those are left out.
 */
export function fieldErrors(errors: readonly ValidationError[], parent = ''): FieldError[] {
  return errors.flatMap((error) => {
    const pointer = `${parent}/${error.property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const broken = Object.entries(error.constraints ?? {});
    const ofType = broken.filter(([rule]) => TYPE_RULES.has(rule));
    const own = (ofType.length > 0 ? ofType : broken).map(([rule, detail]) => ({
      pointer,
      code: ruleCode(rule),
      detail,
    }));
    return [...own, ...fieldErrors(error.children ?? [], pointer)];
  });
}

/** `isInt` → `int`, `minLength` → `min-length`, as in the public contract. */
function ruleCode(rule: string): string {
  if (rule === 'whitelistValidation') return 'unknown-field';
  return rule
    .replace(/^is(?=[A-Z])/, '')
    .replaceAll(/(?<=[a-z0-9])[A-Z]/g, '-$&')
    .toLowerCase();
}

/** Takes nothing away from what it checks: a name that is not allowed is refused, and the client's own data is its own. */
class ReadingPipe extends ValidationPipe {
  /** Nest would delete members called `constructor` or `prototype` wherever they are. */
  protected override stripProtoKeys(): void {
    return undefined;
  }
}

/**
 * Checks every message against its DTO class; fields that the class does not know are refused.
 * Throws AppError `validation-failed`.
 */
export function validationPipe(): ValidationPipe {
  return new ReadingPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    exceptionFactory: (errors: ValidationError[]) =>
      new AppError('validation-failed', 'The request is not valid.', {
        details: { errors: fieldErrors(errors) },
      }),
  });
}
