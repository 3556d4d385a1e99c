import type { EventEnvelope } from '@flotilla/contracts/events';
import { toUuid } from '@flotilla/contracts/ids';
import type { MailLocale } from '@flotilla/contracts/mail';
import type { OrderEvents } from '@flotilla/contracts/order-events';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { formatMoney } from './format-money.js';
import type { OrderMail } from './templates/order-mail.js';

/** What the feed has of an event: what happened, and how the order was placed. */
interface Told {
  event: EventEnvelope;
  placed: OrderEvents['order.placed'];
}

/** What mails tell of orders, from the events of the feed. */
@Injectable()
export class OrderNews {
  constructor(private readonly database: Database) {}

  /** What an event says to the person whose order it is. Throws when the feed does not have it. */
  async of(eventId: string, name: string, locale: MailLocale): Promise<OrderMail> {
    const [told] = await this.database.rows<Told>(
      `SELECT event.envelope AS event, first.envelope->'data' AS placed FROM feed AS event
       JOIN feed AS first ON first.envelope->>'streamId' = event.envelope->>'streamId' AND first.envelope->>'version' = '1'
       WHERE event.event_id = $1`,
      [toUuid('evt', eventId)],
    );
    if (!told) throw new Error(`the feed does not have ${eventId}`);
    return { name, ...newsOf(told, locale) };
  }
}

function newsOf({ event, placed }: Told, locale: MailLocale): Omit<OrderMail, 'name'> {
  const names = new Map(placed.items.map((item) => [item.sku, item.name]));
  const shipped =
    event.type === 'order.fulfilled' ? (event.data as OrderEvents['order.fulfilled']) : undefined;
  return {
    number: placed.number,
    lines: shipped
      ? shipped.items.map(({ sku, quantity }) => ({ name: names.get(sku) ?? sku, quantity }))
      : placed.items.map((item) => ({
          name: item.name,
          quantity: item.quantity,
          total: formatMoney(item.total, locale),
        })),
    total: formatMoney(placed.total, locale),
    trackingNumber: shipped?.trackingNumber ?? null,
  };
}
