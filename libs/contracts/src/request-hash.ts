import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';

/** SHA-256, hex, of what was asked for: equal for equal bodies, whatever order their keys came in. */
export function requestHashOf(body: object): string {
  return createHash('sha256').update(canonicalJson(body)).digest('hex');
}
