import type { Actor } from '@flotilla/contracts/actor';
import type { Id } from '@flotilla/contracts/ids';
import type { WebhookDeliveryView } from '@flotilla/contracts/webhooks';
import type { Transaction } from '@flotilla/runtime/database';
import type { Attempt, Verdict } from '../domain/attempts.js';
import type { Endpoint } from '../domain/endpoint.js';

/** Endpoints as they are kept. Those of somebody else, or of another mode, are `not-found`. */
export abstract class Endpoints {
  abstract insert(tx: Transaction, endpoint: Endpoint): Promise<void>;

  /** Loads, locks, changes and writes an endpoint. @throws AppError `not-found`, what `change` throws */
  abstract update(
    tx: Transaction,
    actor: Actor,
    id: Id<'whe'>,
    change: (endpoint: Endpoint) => Endpoint,
  ): Promise<Endpoint>;

  /** The same in a transaction of its own. */
  abstract change(
    actor: Actor,
    id: Id<'whe'>,
    change: (endpoint: Endpoint) => Endpoint,
  ): Promise<Endpoint>;

  /** Removes an endpoint that `check` lets go, with all that was on its way. @throws AppError `not-found`, what `check` throws */
  abstract remove(actor: Actor, id: Id<'whe'>, check: (endpoint: Endpoint) => void): Promise<void>;

  /** Changes all endpoints of a user. */
  abstract updateAllOf(
    tx: Transaction,
    userId: Id<'usr'>,
    change: (endpoint: Endpoint) => Endpoint,
  ): Promise<void>;

  abstract removeAllOf(tx: Transaction, userId: Id<'usr'>): Promise<void>;
}

/** A delivery that is this process's to send now. */
export interface ClaimedDelivery {
  /** uuid. */
  id: string;
  endpoint: Pick<Endpoint, 'id' | 'url' | 'secrets'>;
  /** Whether its endpoint has failed lately. */
  isFailing: boolean;
  eventId: Id<'evt'>;
  /** When it was to be sent first. */
  startedAt: Date;
  /** How often it has been tried, this time included. */
  attempts: number;
  /** JSON: what the endpoint is told. */
  body: string;
  /** When the event happened; null for a test. */
  occurredAt: Date | null;
}

/** Events on their way to endpoints. */
export abstract class Deliveries {
  /** Sends a test to an endpoint, as the next thing. */
  abstract addTest(tx: Transaction, endpoint: Endpoint, at: Date): Promise<WebhookDeliveryView>;

  /**
   * Makes a delivery that has ended due now.
   * @throws AppError `not-found`, `illegal-transition` when it has not ended, or its endpoint is disabled
   */
  abstract retry(
    actor: Actor,
    endpointId: Id<'whe'>,
    deliveryId: Id<'dlv'>,
  ): Promise<WebhookDeliveryView>;

  /** Writes down what came of an attempt. */
  abstract record(delivery: ClaimedDelivery, attempt: Attempt, verdict: Verdict): Promise<void>;
}

/** Where webhooks may be sent to. */
export abstract class Targets {
  /**
   * Checks an address that somebody wants messages sent to.
   * @returns the URL as it will be used
   * @throws AppError `validation-failed` for one that is malformed, not encrypted, or inside our network as far as can be told now
   */
  abstract check(url: string): Promise<string>;
}

/** The way out for webhooks. */
export abstract class WebhookSender {
  /** Posts JSON to an address that is public at that moment. Never rejects. */
  abstract post(url: string, headers: Record<string, string>, body: string): Promise<Attempt>;
}
