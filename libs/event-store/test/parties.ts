import { testNats, type TestNats } from '@flotilla/testing/nats';
import type { TestDatabase } from '@flotilla/testing/postgres';
import {
  type Interference,
  serviceDatabase,
  startBilling,
  startShop,
  type TestService,
} from './services.js';

/** A broker, and on it the shop, which writes events, and billing, which bills for them: each with a database of its own. */
export class Parties {
  /** The replica that was started last. */
  shop!: TestService;
  private readonly running: TestService[] = [];

  private constructor(
    readonly nats: TestNats,
    readonly shopDb: TestDatabase,
    readonly billingDb: TestDatabase,
  ) {}

  /** Opens the shop; nobody bills yet. */
  static async open(): Promise<Parties> {
    const parties = new Parties(
      ...(await Promise.all([testNats(), serviceDatabase(), serviceDatabase()])),
    );
    await parties.openShop();
    return parties;
  }

  /** Starts a replica of the shop. */
  async openShop(): Promise<void> {
    this.running.push((this.shop = await startShop(this.shopDb, this.nats.url)));
  }

  /** Starts a replica of billing. */
  async bill(interfere?: Interference, together?: boolean): Promise<TestService> {
    const billing = await startBilling(this.billingDb, this.nats.url, interfere, together);
    this.running.push(billing);
    return billing;
  }

  async close(): Promise<void> {
    await Promise.all(this.running.map((service) => service.close()));
    await Promise.all([this.nats.stop(), this.shopDb.drop(), this.billingDb.drop()]);
  }
}
