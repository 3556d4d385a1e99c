import { isUtf8 } from 'node:buffer';
import { AppError, type FieldError } from '@flotilla/contracts/errors';

/** Deeper than any body of the contract, `metadata` included, has a reason to be. */
const MAX_DEPTH = 32;
const NUL = '\0';
/** Names that class-transformer passes over or trips over, so that they would not be seen to be unknown. */
export const UNSEEN_NAMES: readonly string[] = ['__proto__', 'constructor'];
/** Where the client's own data is in most bodies, which class-transformer leaves alone: only this name cannot be copied. */
const CLIENT_DATA = '/metadata';
const NEVER: readonly string[] = ['__proto__'];

/**
 * The object in a JSON body (RFC 8259), free of what could not be stored or would do harm further in:
 * NUL (PostgreSQL has no room for it), lone surrogates, numbers beyond what JavaScript counts exactly, names that mean
 * something to class-transformer, and abysses. At `clientData`, a pointer, is what class-transformer leaves alone.
 * @throws AppError `malformed-json`; `validation-failed` with a pointer to each such value
 */
export function parseJsonBody(body: Buffer, clientData = CLIENT_DATA): object {
  const value = parse(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const detail = 'The body has to be a JSON object.';
    throw new AppError('validation-failed', detail, {
      details: { errors: [{ pointer: '', code: 'object', detail }] },
    });
  }
  const errors: FieldError[] = [];
  for (const [key, member] of Object.entries(value)) {
    const pointer = `/${escapePointer(key)}`;
    inspectName(key, pointer, UNSEEN_NAMES, errors);
    inspect(member, pointer, pointer === clientData ? NEVER : UNSEEN_NAMES, errors, 1);
  }
  if (errors.length === 0) return value;
  throw new AppError('validation-failed', 'The body holds values that cannot be taken.', {
    details: { errors },
  });
}

/** What cannot be taken of a client's own data. */
export function valueFaults(value: unknown): FieldError[] {
  const errors: FieldError[] = [];
  inspect(value, '', NEVER, errors);
  return errors;
}

function parse(body: Buffer): unknown {
  if (body.length === 0) throw new AppError('malformed-json', 'The body is empty.');
  if (!isUtf8(body)) throw new AppError('malformed-json', 'The body is not UTF-8.');
  try {
    return JSON.parse(body.toString('utf8').replace(/^\ufeff/, ''));
  } catch {
    throw new AppError('malformed-json', 'The body is not valid JSON.');
  }
}

function inspect(
  value: unknown,
  pointer: string,
  forbidden: readonly string[],
  errors: FieldError[],
  depth = 0,
): void {
  if (typeof value === 'string') {
    const code = faultOf(value);
    if (code) errors.push({ pointer, code, detail: DETAILS[code] });
  } else if (typeof value === 'number') {
    if (!isExact(value)) errors.push({ pointer, code: 'number', detail: DETAILS.number });
  } else if (typeof value === 'object' && value !== null) {
    if (depth === MAX_DEPTH) {
      errors.push({ pointer, code: 'depth', detail: DETAILS.depth });
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      const at = `${pointer}/${escapePointer(key)}`;
      inspectName(key, at, forbidden, errors);
      inspect(member, at, forbidden, errors, depth + 1);
    }
  }
}

function inspectName(
  name: string,
  pointer: string,
  forbidden: readonly string[],
  errors: FieldError[],
): void {
  const code = forbidden.includes(name) ? 'forbidden' : faultOf(name);
  if (code) errors.push({ pointer, code, detail: DETAILS[code] });
}

const DETAILS = {
  nul: 'The character U+0000 cannot be stored.',
  surrogate: 'Half of a surrogate pair is not a character.',
  number: `Numbers go from ${Number.MIN_SAFE_INTEGER} to ${Number.MAX_SAFE_INTEGER}.`,
  depth: `Nothing may be nested deeper than ${MAX_DEPTH} levels.`,
  forbidden: 'This name is not allowed.',
} as const;

/** Beyond the safe integers neighbours are read as one number, and different bodies would pass for the same. */
function isExact(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

function faultOf(text: string): 'nul' | 'surrogate' | undefined {
  if (text.includes(NUL)) return 'nul';
  return text.isWellFormed() ? undefined : 'surrogate';
}

/** A member name as a token of a JSON pointer (RFC 6901 §3), and well-formed so that it can be sent at all. */
export function escapePointer(name: string): string {
  return name.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
}
