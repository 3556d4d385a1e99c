import { type Actor, principalOf } from '@flotilla/contracts/actor';
import { AppError } from '@flotilla/contracts/errors';
import { deriveUuid, type Id, toUuid } from '@flotilla/contracts/ids';
import { requestHashOf } from '@flotilla/contracts/request-hash';
import { placedOrder, type PlacedOrderState, type RecordedOrderEvent, rehydrate } from './order.js';

/** A request for a change of an order, as all its retries have it in common. */
export interface Attempt {
  /** Of the payment, refund, shipment or return that it leads to. */
  uuid: string;
  /** SHA-256, hex, of what was asked for. */
  requestHash: string;
}

/** The attempt that a user's idempotency key stands for at one order. */
export function attemptOf(
  actor: Pick<Actor, 'userId' | 'mode'>,
  { orderId, idempotencyKey }: { orderId: Id<'ord'>; idempotencyKey: string },
  operation: string,
  body: object,
): Attempt {
  return {
    uuid: deriveUuid(`${principalOf(actor)}:${orderId}`, idempotencyKey),
    requestHash: requestHashOf({ operation, body }),
  };
}

/**
 * The order as the attempt has left it, if it succeeded before.
 * @throws AppError `idempotency-key-reuse` when the key was used for something else
 */
export function answerTo(
  { uuid, requestHash }: Attempt,
  history: readonly RecordedOrderEvent[],
): PlacedOrderState | undefined {
  const ofAttempt = (event: RecordedOrderEvent) => uuidIn(event) === uuid;
  const first = history.find(ofAttempt);
  if (!first) return undefined;
  if (!('requestHash' in first.data) || first.data.requestHash !== requestHash) {
    throw new AppError(
      'idempotency-key-reuse',
      'The Idempotency-Key was already used for another change of the order.',
    );
  }
  // A payment that went back at once is two events of one attempt.
  return placedOrder(rehydrate(history.slice(0, history.findLastIndex(ofAttempt) + 1)));
}

/** Of the payment, refund, shipment or return that an event tells of. */
function uuidIn({ type, data }: RecordedOrderEvent): string | undefined {
  if (type === 'order.paid') return toUuid('pay', data.paymentId);
  if (type === 'order.refunded') return toUuid('rfd', data.refundId);
  if (type === 'order.fulfilled') return toUuid('ful', data.fulfillmentId);
  return type === 'order.returned' ? toUuid('ret', data.returnId) : undefined;
}
