import { AppError, type FieldError } from '@flotilla/contracts/errors';
import { validationPipe } from '@flotilla/runtime/validation';
import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { UNSEEN_NAMES } from './json-body.js';
import { refuseUnknownFields } from './unknown-fields.js';

/**
 * Checks bodies and query strings against their DTOs. Text becomes a number only in query strings, where there is
 * nothing but text.
 */
@Injectable()
export class RequestPipe implements PipeTransform {
  readonly #validation = validationPipe();

  /** Throws AppError `validation-failed`. */
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const input =
      metadata.type === 'query' && metadata.metatype
        ? readQuery(value as Record<string, unknown>, metadata.metatype)
        : value;
    return (await this.#validation.transform(input, metadata)) as unknown;
  }
}

function readQuery(query: Record<string, unknown>, dto: abstract new () => unknown): object {
  refuseUnknownFields(Object.keys(query).filter((name) => UNSEEN_NAMES.includes(name)));
  const unstorable = Object.keys(query).filter((name) => String(query[name]).includes('\0'));
  if (unstorable.length > 0) throw nul(unstorable);
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      isNumeric(dto, name) && typeof value === 'string' && /^\d{1,15}$/.test(value)
        ? Number(value)
        : value,
    ]),
  );
}

/** Whether the DTO declares the field as a number. */
function isNumeric(dto: abstract new () => unknown, name: string): boolean {
  return Reflect.getMetadata('design:type', dto.prototype as object, name) === Number;
}

function nul(names: string[]): AppError<'validation-failed'> {
  const detail = 'The character U+0000 cannot be stored.';
  const errors: FieldError[] = names.map((name) => ({ pointer: `/${name}`, code: 'nul', detail }));
  return new AppError('validation-failed', detail, { details: { errors } });
}
