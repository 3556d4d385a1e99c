import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';

/** As the sequence is declared: a call of `nextval` is worth this many numbers. */
const BLOCK_SIZE = 100;

/**
 * Numbers for people to read out: unique, rising roughly with time. A process draws blocks of them, so that most orders
 * need no round trip; what a process has left when it ends is never used.
 */
@Injectable()
export class OrderNumbers {
  private next = 0;
  private end = 0;
  private drawing?: Promise<void>;

  constructor(private readonly database: Database) {}

  /** A number nobody else has. Throws AppError `unavailable` when a new block is needed and the database is away. */
  async take(): Promise<string> {
    while (this.next === this.end) {
      await (this.drawing ??= this.draw().finally(() => (this.drawing = undefined)));
    }
    return String(this.next++);
  }

  private async draw(): Promise<void> {
    const [row] = await this.database.rows<{ first: string }>(
      "SELECT nextval('order_numbers') AS first",
    );
    this.next = Number(row!.first);
    this.end = this.next + BLOCK_SIZE;
  }
}
