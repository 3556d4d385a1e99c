import { Matches } from 'class-validator';

/** What a client may name a request by: 1 to 255 visible ASCII characters. */
export const IDEMPOTENCY_KEY_PATTERN = /^[\x21-\x7e]{1,255}$/;

/** A request that takes effect once per principal and key. */
export class IdempotentRequest {
  @Matches(IDEMPOTENCY_KEY_PATTERN)
  idempotencyKey: string;
}

/** The answer to the first request under a key, and whether this is a repetition of it. */
export interface Answered<Answer> {
  answer: Answer;
  replayed: boolean;
}
