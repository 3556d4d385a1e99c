import { createHmac } from 'node:crypto';

/**
 * The headers that let a receiver trust a message (Standard Webhooks 1.0): one signature for each secret.
 * @param id the same at every attempt, by which receivers know a repetition
 * @param body exactly what is sent
 */
export function signedHeaders(
  id: string,
  at: Date,
  body: string,
  secrets: readonly Buffer[],
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signatures = secrets.map((secret) => {
    const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`);
    return `v1,${mac.digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
