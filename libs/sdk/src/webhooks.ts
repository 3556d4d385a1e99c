import { Webhook } from 'standardwebhooks';

export { WebhookVerificationError } from 'standardwebhooks';

/** What a webhook tells. */
export interface WebhookEvent {
  /** `evt_…`; the same event may come more than once. */
  id: string;
  /** Such as `order.placed`. */
  type: string;
  /** Of the resource that it is about, which `subject` names; 1…n without a gap. */
  version: number;
  subject: string;
  occurredAt: string;
  data: Record<string, unknown>;
}

/** Headers as `fetch` has them, or as Node does. */
type HeaderSource = Headers | Record<string, string | string[] | undefined>;

const SIGNED = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];

/**
 * The event that a request tells, once it is sure that it comes from the fleet and is less than five minutes old (Standard
 * Webhooks). While a secret is rotated there are two signatures, of which one has to be good.
 * @param secret `whsec_…`, as it was shown when the endpoint was made
 * @param body exactly as it came: parsing and writing it again changes its bytes
 * @throws WebhookVerificationError for everything else, which is to be answered 400 and not looked at
 */
export function verifyWebhook(
  secret: string,
  headers: HeaderSource,
  body: string | Uint8Array,
): WebhookEvent {
  const value = (name: string) =>
    headers instanceof Headers ? headers.get(name) : headers[name]?.toString();
  const signed = Object.fromEntries(SIGNED.map((name) => [name, value(name) ?? '']));
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  return new Webhook(secret).verify(text, signed) as WebhookEvent;
}
