import { isUtf8 } from 'node:buffer';
import { AppError, type FieldError } from '@flotilla/contracts/errors';

/** Deeper than any body of the contract, `metadata` included, has a reason to be. */
const MAX_DEPTH = 32;
const NUL = '\0';
const FORBIDDEN = ['__proto__', 'constructor'];

/**
 * The object in a JSON body (RFC 8259), free of what could not be stored or would do harm further in:
 * NUL (PostgreSQL has no room for it), lone surrogates, numbers beyond a double, names that class-transformer trips over, and abysses.
 * @throws AppError `malformed-json`; `validation-failed` with a pointer to each such value
 */
export function parseJsonBody(body: Buffer): object {
  const value = parse(body);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const detail = 'The body has to be a JSON object.';
    throw new AppError('validation-failed', detail, {
      details: { errors: [{ pointer: '', code: 'object', detail }] },
    });
  }
  const errors: FieldError[] = [];
  inspect(value, '', 0, errors);
  if (errors.length === 0) return value;
  throw new AppError('validation-failed', 'The body holds values that cannot be taken.', {
    details: { errors },
  });
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

function inspect(value: unknown, pointer: string, depth: number, errors: FieldError[]): void {
  if (typeof value === 'string') {
    const code = faultOf(value);
    if (code) errors.push({ pointer, code, detail: DETAILS[code] });
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) errors.push({ pointer, code: 'number', detail: DETAILS.number });
  } else if (typeof value === 'object' && value !== null) {
    if (depth === MAX_DEPTH) {
      errors.push({ pointer, code: 'depth', detail: DETAILS.depth });
      return;
    }
    for (const [key, member] of Object.entries(value)) {
      const at = `${pointer}/${escapePointer(key)}`;
      const code = FORBIDDEN.includes(key) ? 'forbidden' : faultOf(key);
      if (code) errors.push({ pointer: at, code, detail: DETAILS[code] });
      inspect(member, at, depth + 1, errors);
    }
  }
}

const DETAILS = {
  nul: 'The character U+0000 cannot be stored.',
  surrogate: 'Half of a surrogate pair is not a character.',
  number: 'The number is too large.',
  depth: `Nothing may be nested deeper than ${MAX_DEPTH} levels.`,
  forbidden: 'This name is not allowed.',
} as const;

function faultOf(text: string): 'nul' | 'surrogate' | undefined {
  if (text.includes(NUL)) return 'nul';
  return text.isWellFormed() ? undefined : 'surrogate';
}

/** A member name as a token of a JSON pointer (RFC 6901 §3), and well-formed so that it can be sent at all. */
export function escapePointer(name: string): string {
  return name.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
}
