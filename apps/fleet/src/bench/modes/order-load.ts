import type { Id } from '@flotilla/contracts/ids';
import type { LoadAnswer, LoadConnection } from '../load/connection.js';
import type { Load } from '../load/load.js';

/** What to order. */
export interface OrderSettings {
  /** Begins every idempotency key of this measurement. */
  prefix: string;
  skus: readonly string[];
  /** How many lines an order has, of different products. */
  lines: { least: number; most: number };
  /** The share of orders that are asked for once more, with the same key. */
  retried: number;
  /** The share of orders that are cancelled. */
  cancelled: number;
  /** Orders with it, where the fleet's own key is not to. */
  accessToken?: string;
}

/** What clients were told. */
export interface OrderRecord {
  /** The id of the order by idempotency key. */
  answered: Record<string, Id<'ord'>>;
  /** Keys that were never answered: nobody can say whether there is an order. */
  unanswered: string[];
  cancelled: Id<'ord'>[];
  /** Orders whose cancellation was never answered: nobody can say whether they are. */
  perhapsCancelled: Id<'ord'>[];
  /** Answers to a repetition that named another order. */
  contradicted: number;
}

const CREATED = 201;
/** Of what is scarce there is none left: an answer as it should be. */
const CONFLICT = 409;

/** Places orders over the whole of a catalogue, repeats some and cancels some. */
export class OrderLoad implements Load {
  private count = 0;
  private readonly told: OrderRecord = {
    answered: {},
    unanswered: [],
    cancelled: [],
    perhapsCancelled: [],
    contradicted: 0,
  };

  constructor(private readonly settings: OrderSettings) {}

  get bringsCredentials(): boolean {
    return this.settings.accessToken !== undefined;
  }

  async operate(gateway: LoadConnection): Promise<void> {
    const { retried, cancelled } = this.settings;
    const key = `${this.settings.prefix}-${this.count++}`;
    const order = { items: this.items(), metadata: { bench: key } };
    const id = await this.place(gateway, key, order);
    if (id === undefined) return;
    if (Math.random() < retried) await this.repeat(gateway, key, order, id);
    if (Math.random() < cancelled) await this.cancel(gateway, id);
  }

  record(): OrderRecord {
    return this.told;
  }

  /** Undefined when there was too little stock. */
  private async place(
    gateway: LoadConnection,
    key: string,
    order: object,
  ): Promise<Id<'ord'> | undefined> {
    let answer: LoadAnswer;
    try {
      answer = await this.ask(gateway, key, order);
    } catch (error) {
      this.told.unanswered.push(key);
      throw error;
    }
    if (answer.status === CONFLICT && codeOf(answer) === 'insufficient-stock') return undefined;
    if (answer.status !== CREATED) {
      // What failed on the way may have been carried out all the same.
      if (answer.status >= 500) this.told.unanswered.push(key);
      throw refusal(answer);
    }
    return (this.told.answered[key] = idIn(answer));
  }

  private async repeat(
    gateway: LoadConnection,
    key: string,
    order: object,
    id: Id<'ord'>,
  ): Promise<void> {
    const answer = await this.ask(gateway, key, order);
    if (answer.status !== CREATED) throw refusal(answer);
    if (idIn(answer) !== id) this.told.contradicted += 1;
  }

  private async cancel(gateway: LoadConnection, id: Id<'ord'>): Promise<void> {
    let answer: LoadAnswer;
    try {
      answer = await gateway.post(`/api/orders/${id}/cancel`, this.credentials(), {});
    } catch (error) {
      this.told.perhapsCancelled.push(id);
      throw error;
    }
    if (answer.status !== 200) {
      if (answer.status >= 500) this.told.perhapsCancelled.push(id);
      throw refusal(answer);
    }
    this.told.cancelled.push(id);
  }

  private ask(gateway: LoadConnection, key: string, order: object): Promise<LoadAnswer> {
    return gateway.post('/api/orders', { 'idempotency-key': key, ...this.credentials() }, order);
  }

  private credentials(): Record<string, string> {
    const { accessToken } = this.settings;
    return accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` };
  }

  private items(): { sku: string; quantity: number }[] {
    const { skus, lines } = this.settings;
    const length = Math.min(skus.length, between(lines.least, lines.most));
    const chosen = new Set<string>();
    while (chosen.size < length) chosen.add(skus[between(0, skus.length - 1)]!);
    return Array.from(chosen, (sku) => ({ sku, quantity: 1 }));
  }
}

function between(least: number, most: number): number {
  return least + Math.floor(Math.random() * (most - least + 1));
}

/** `Location` ends in it: no need to read the body. */
function idIn(answer: LoadAnswer): Id<'ord'> {
  const location = answer.header('location') ?? '';
  return location.slice(location.lastIndexOf('/') + 1) as Id<'ord'>;
}

function codeOf(answer: LoadAnswer): string | undefined {
  return (JSON.parse(answer.body()) as { code?: string }).code;
}

function refusal(answer: LoadAnswer): Error {
  return new Error(`${answer.status} ${codeOf(answer) ?? ''}`.trim());
}
