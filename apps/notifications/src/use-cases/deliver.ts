import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { type Attempt, judge, type Verdict } from '../domain/attempts.js';
import { signingNames } from '../domain/endpoint.js';
import { EndpointSecrets } from '../domain/endpoint-secrets.js';
import { signedHeaders } from '../domain/signature.js';
import { type ClaimedDelivery, Deliveries, WebhookSender } from './ports.js';

/** Tries once to deliver something, and writes down what came of it. */
@Injectable()
export class Deliver {
  constructor(
    private readonly sender: WebhookSender,
    private readonly deliveries: Deliveries,
    private readonly secrets: EndpointSecrets,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError `unavailable` when it cannot be written down: it is tried again then, as nobody knows it was */
  async execute(delivery: ClaimedDelivery): Promise<{ attempt: Attempt; verdict: Verdict }> {
    const attempt = await this.send(delivery);
    const { attempts, startedAt } = delivery;
    const verdict = judge(attempt, attempts, {
      startedAt,
      now: this.clock.now(),
      random: Math.random(),
    });
    await this.deliveries.record(delivery, attempt, verdict);
    return { attempt, verdict };
  }

  private send({ endpoint, eventId, body }: ClaimedDelivery): Promise<Attempt> {
    const now = this.clock.now();
    const secrets = signingNames(endpoint.secrets, now)
      .map((name) => this.secrets.bytesOf(name))
      .filter((secret) => secret !== undefined);
    // Signed with nothing it would not be believed; the key may come back.
    if (secrets.length === 0) throw new Error('the key that the secret follows from is gone');
    return this.sender.post(endpoint.url, signedHeaders(eventId, now, body, secrets), body);
  }
}
