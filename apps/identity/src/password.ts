import { type Algorithm, hash } from '@node-rs/argon2';

/** Its enum exists for the compiler only. */
const ARGON2ID = 2 as Algorithm.Argon2id;
/** OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. */
const COST = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A password as it is stored: Argon2id with a salt of its own (RFC 9106). Takes some 20 ms on another thread. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}
