import { describe, expect, it } from '@jest/globals';
import type { OrderView } from '@flotilla/contracts/orders';
import { judge } from './place-recorded.js';

const recorded = { invoice: 7, items: [{ sku: 'A', quantity: 1 }], total: 198 };
const answer = (status: number, body: object, headers: Record<string, string> = {}) => ({
  status,
  headers: new Headers(headers),
  body: body as OrderView,
});
const order = { total: { amount: 198, currency: 'USD' } };

describe('judging a replayed order', () => {
  it('tells a first placing from a repetition', () => {
    expect(judge(answer(201, order), recorded).outcome).toBe('placed');
    const again = answer(201, order, { 'Idempotency-Replayed': 'true' });
    expect(judge(again, recorded).outcome).toBe('replayed');
  });

  it('fails an order whose total is not the recorded one, even by a cent', () => {
    const wrong = answer(201, { total: { amount: 199, currency: 'USD' } });
    expect(judge(wrong, recorded)).toEqual({
      outcome: 'failed',
      reason: 'invoice 7: the total is 199, recorded was 198',
    });
  });

  it('fails a refusal with its code, and silence with the error', () => {
    const refusal = answer(409, { code: 'insufficient-stock', detail: 'Not enough.' });
    expect(judge(refusal, recorded)).toMatchObject({
      outcome: 'failed',
      reason: 'invoice 7: 409 insufficient-stock Not enough.',
    });
    expect(judge(new Error('fetch failed'), recorded)).toMatchObject({ outcome: 'failed' });
  });
});
