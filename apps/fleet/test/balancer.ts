import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpClient } from '@flotilla/testing/http-client';

const LOOK_MS = 50;

/** Stands for what is in front of gateways: sends each request to the next of those that say they are ready. */
export class Balancer {
  /** How many requests each gateway got since it was last not ready. */
  readonly served: number[];
  private readonly ready: boolean[];
  private readonly watching: Promise<void>;
  private isClosed = false;
  private last = 0;

  constructor(private readonly gateways: readonly HttpClient[]) {
    this.served = gateways.map(() => 0);
    this.ready = gateways.map(() => true);
    this.watching = this.watch();
  }

  /** The next one in any case, when none is ready. */
  next(): HttpClient {
    for (let tries = 0; tries < this.gateways.length; tries += 1) {
      this.last = (this.last + 1) % this.gateways.length;
      if (this.ready[this.last]) break;
    }
    this.served[this.last]! += 1;
    return this.gateways[this.last]!;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.watching;
  }

  private async watch(): Promise<void> {
    while (!this.isClosed) {
      await Promise.all(this.gateways.map((gateway, index) => this.look(gateway, index)));
      await sleep(LOOK_MS);
    }
  }

  private async look(gateway: HttpClient, index: number): Promise<void> {
    const isReady = await gateway.get('/readyz').then(
      ({ status }) => status === 200,
      () => false,
    );
    if (!isReady) this.served[index] = 0;
    this.ready[index] = isReady;
  }
}
