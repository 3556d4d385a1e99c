import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { OrderNumbers } from '../use-cases/ports.js';

/** As the sequence is declared: a call of `nextval` is worth this many numbers. */
const BLOCK_SIZE = 100;

/** Each process draws numbers in blocks, so that most orders need no round trip; what is left when it ends is never used. */
@Injectable()
export class OrderNumberBlocks extends OrderNumbers {
  private next = 0;
  private end = 0;
  private drawing?: Promise<void>;

  constructor(private readonly database: Database) {
    super();
  }

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
