import { availableParallelism } from 'node:os';
import { AppError } from '@flotilla/contracts/errors';
import { Slots } from '@flotilla/messaging/slots';
import { Injectable } from '@nestjs/common';
import { type Algorithm, hash, parseOptions, verify } from '@node-rs/argon2';
import type { Password } from '../domain/password.js';
import { Passwords } from '../use-cases/ports.js';

/** Its enum exists for the compiler only. */
const ARGON2ID = 2 as Algorithm.Argon2id;
/** OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. */
const COST = { algorithm: ARGON2ID, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Of the four threads that Node has for such work, one is left to files and names. */
const AT_ONCE = Math.min(3, availableParallelism());
/** Some two seconds of work: nobody waits for an answer that comes later. */
const MOST_WAITING = 150;

/** Argon2id (RFC 9106) with a salt for each, on other threads, so many at once and not more. */
@Injectable()
export class Argon2Passwords extends Passwords {
  private readonly slots = new Slots(AT_ONCE);
  private waiting = 0;
  private nobodys: Promise<string> | undefined;

  hash({ text }: Pick<Password, 'text'>): Promise<string> {
    return this.inTurn(() => hash(normalised(text), COST));
  }

  async matches(text: string, stored: string | undefined): Promise<boolean> {
    const against = stored ?? (await (this.nobodys ??= hash('', COST)));
    const matches = await this.inTurn(() => verify(against, normalised(text)));
    return matches && stored !== undefined;
  }

  isOutdated(stored: string): boolean {
    const { algorithm, memoryCost, timeCost, parallelism } = parseOptions(stored);
    return (
      algorithm !== COST.algorithm ||
      memoryCost !== COST.memoryCost ||
      timeCost !== COST.timeCost ||
      parallelism !== COST.parallelism
    );
  }

  private async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.waiting >= MOST_WAITING) {
      throw new AppError('unavailable', 'Too many passwords are being checked.', {
        details: { retryAfterSeconds: 1 },
      });
    }
    this.waiting += 1;
    try {
      return await this.slots.use(work);
    } finally {
      this.waiting -= 1;
    }
  }
}

/** The same characters, however a keyboard composes them (NIST SP 800-63B §3.1.1.2). */
function normalised(text: string): string {
  return text.normalize('NFKC');
}
