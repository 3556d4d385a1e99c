import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideHolds, type HoldOutcome, type Shelf } from './holds.js';
import type { HoldRequest, Reservation } from './reservation.js';

const BY = { system: 'test' };

function shelf(sku: string, available: number, more: Partial<Shelf> = {}): Shelf {
  const price = { amount: 1000, currency: 'EUR' };
  return {
    id: `id of ${sku}`,
    mode: 'live',
    sku,
    name: `A ${sku}`,
    price,
    status: 'active',
    available,
    ...more,
  };
}

function request(
  orderId: string,
  lines: Record<string, number>,
  more: Partial<HoldRequest> = {},
): HoldRequest {
  return {
    orderId,
    mode: 'live',
    requestHash: JSON.stringify(lines),
    lines: Object.entries(lines).map(([sku, quantity]) => ({ sku, quantity })),
    expiresAt: null,
    by: BY,
    ...more,
  };
}

function refusal(outcome: HoldOutcome | undefined) {
  if (outcome?.kind !== 'refused') throw new Error(`not refused: ${JSON.stringify(outcome)}`);
  return outcome.error.toWire();
}

describe('decideHolds', () => {
  it('freezes the name and price of every line, in the order of the request', () => {
    const shelves = [shelf('MUG', 5), shelf('TEA', 5, { price: { amount: 250, currency: 'EUR' } })];

    const [outcome] = decideHolds([request('o1', { tea: 2, MUG: 1 })], shelves, []);

    expect(outcome).toMatchObject({
      kind: 'taken',
      reservation: {
        orderId: 'o1',
        state: 'held',
        lines: [
          { sku: 'TEA', name: 'A TEA', quantity: 2, unitPrice: { amount: 250, currency: 'EUR' } },
          { sku: 'MUG', name: 'A MUG', quantity: 1, unitPrice: { amount: 1000, currency: 'EUR' } },
        ],
      },
    });
  });

  it('refuses all lines when one is short, and names every short line', () => {
    const shelves = [shelf('MUG', 1), shelf('TEA', 5), shelf('POT', 0)];

    const [short, next] = decideHolds(
      [request('o1', { MUG: 2, TEA: 1, POT: 3 }), request('o2', { TEA: 5 })],
      shelves,
      [],
    );

    expect(refusal(short)).toMatchObject({
      code: 'insufficient-stock',
      details: {
        lines: [
          { sku: 'MUG', requested: 2, available: 1 },
          { sku: 'POT', requested: 3, available: 0 },
        ],
      },
    });
    expect(next).toMatchObject({ kind: 'taken' });
  });

  it('lets a later request see what an earlier one took', () => {
    const outcomes = decideHolds(
      [request('o1', { MUG: 3 }), request('o2', { MUG: 3 }), request('o3', { MUG: 2 })],
      [shelf('MUG', 5)],
      [],
    );

    expect(outcomes.map(({ kind }) => kind)).toEqual(['taken', 'refused', 'taken']);
    expect(refusal(outcomes[1]).details).toEqual({
      lines: [{ sku: 'MUG', requested: 3, available: 2 }],
    });
  });

  it('measures lines of one product together, whatever case their SKUs are written in', () => {
    const lines = [
      { sku: 'MUG', quantity: 3 },
      { sku: 'mug', quantity: 3 },
    ];

    const [outcome] = decideHolds([request('o1', {}, { lines })], [shelf('MUG', 5)], []);

    expect(refusal(outcome).details).toEqual({
      lines: [{ sku: 'MUG', requested: 6, available: 5 }],
    });
  });

  it('points at each line whose SKU is unknown, archived or of the other mode', () => {
    const shelves = [
      shelf('MUG', 5),
      shelf('OLD', 5, { status: 'archived' }),
      shelf('TEST', 5, { mode: 'test' }),
    ];

    const [outcome] = decideHolds([request('o1', { NO: 1, MUG: 1, OLD: 1, TEST: 1 })], shelves, []);

    expect(refusal(outcome)).toMatchObject({
      code: 'unknown-sku',
      details: {
        errors: [
          { pointer: '/items/0/sku', code: 'unknown-sku' },
          { pointer: '/items/2/sku', code: 'unknown-sku' },
          { pointer: '/items/3/sku', code: 'unknown-sku' },
        ],
      },
    });
  });

  it('refuses two currencies in one order, pointing at the line that differs from the first', () => {
    const shelves = [shelf('MUG', 5), shelf('TEA', 5, { price: { amount: 1, currency: 'USD' } })];

    const [outcome] = decideHolds([request('o1', { MUG: 1, TEA: 1 })], shelves, []);

    expect(refusal(outcome)).toMatchObject({
      code: 'validation-failed',
      details: { errors: [{ pointer: '/items/1/sku', code: 'currency' }] },
    });
  });

  it('refuses a total beyond exact integers, and takes nothing for it', () => {
    const price = { amount: Number.MAX_SAFE_INTEGER - 1, currency: 'EUR' };
    const shelves = [
      shelf('GEM', 5, { price }),
      shelf('BOX', 5, { price: { amount: 1, currency: 'EUR' } }),
    ];

    const [twice, most, over] = decideHolds(
      [
        request('o1', { GEM: 2 }),
        request('o2', { GEM: 1, BOX: 1 }),
        request('o3', { GEM: 1, BOX: 2 }),
      ],
      shelves,
      [],
    );

    expect(most!.kind).toBe('taken');
    for (const refused of [twice, over]) {
      expect(refusal(refused)).toMatchObject({
        code: 'validation-failed',
        details: { errors: [{ pointer: '/items', code: 'max' }] },
      });
    }
  });

  describe('an order id that is already known', () => {
    const before = request('o1', { MUG: 1 });
    const held = (more: Partial<Reservation> = {}): Reservation => {
      const { orderId, requestHash } = before;
      return { orderId, requestHash, state: 'held', lines: [], expiresAt: null, ...more };
    };

    it.each(['held', 'committed'] as const)(
      'is answered from what is %s, taking nothing',
      (state) => {
        const known = held({ state });
        expect(decideHolds([before], [], [known])).toEqual([
          { kind: 'repeated', reservation: known },
        ]);
      },
    );

    it('is refused to another request', () => {
      const [outcome] = decideHolds([request('o1', { MUG: 2 })], [shelf('MUG', 5)], [held()]);
      expect(refusal(outcome).code).toBe('idempotency-key-reuse');
    });

    it.each([
      ['released', held({ state: 'released' })],
      ['a tombstone', held({ state: 'released', requestHash: null })],
    ])('stays void for good when it is %s', (_what, known) => {
      const [outcome] = decideHolds([before], [shelf('MUG', 5)], [known]);
      expect(refusal(outcome).code).toBe('order-voided');
    });

    it('is recognised within one batch too', () => {
      const outcomes = decideHolds(
        [before, before, request('o1', { MUG: 2 })],
        [shelf('MUG', 5)],
        [],
      );
      expect(outcomes.map(({ kind }) => kind)).toEqual(['taken', 'repeated', 'refused']);
    });

    it('may be tried again after a refusal, which was remembered nowhere', () => {
      const outcomes = decideHolds(
        [request('o1', { MUG: 9 }), request('o1', { MUG: 1 })],
        [shelf('MUG', 5)],
        [],
      );
      expect(outcomes.map(({ kind }) => kind)).toEqual(['refused', 'taken']);
    });
  });

  describe('for any stock and any requests', () => {
    const skus = ['A', 'B', 'C', 'D'];
    const stock = fc.record(Object.fromEntries(skus.map((sku) => [sku, fc.nat(20)])));
    const lines = fc.dictionary(fc.constantFrom(...skus), fc.integer({ min: 1, max: 8 }), {
      minKeys: 1,
    });
    const batch = fc
      .array(lines, { maxLength: 30 })
      .map((all) => all.map((one, index) => request(`o${index}`, one)));
    const shelvesOf = (units: Record<string, number>) => skus.map((sku) => shelf(sku, units[sku]!));

    it('takes all lines of an order or none, and never more than there is', () => {
      fc.assert(
        fc.property(stock, batch, (units, requests) => {
          const left = { ...units };
          decideHolds(requests, shelvesOf(units), []).forEach((outcome, index) => {
            if (outcome.kind !== 'taken') return;
            const wanted = requests[index]!.lines;
            expect(
              outcome.reservation.lines.map(({ sku, quantity }) => ({ sku, quantity })),
            ).toEqual(wanted);
            for (const { sku, quantity } of wanted) left[sku]! -= quantity;
          });
          expect(Math.min(...Object.values(left))).toBeGreaterThanOrEqual(0);
        }),
      );
    });

    it('refuses nothing that was still there when its turn came', () => {
      fc.assert(
        fc.property(stock, batch, (units, requests) => {
          const left = { ...units };
          const expected = requests.map(({ lines: wanted }) => {
            const fits = wanted.every(({ sku, quantity }) => quantity <= left[sku]!);
            if (fits) for (const { sku, quantity } of wanted) left[sku]! -= quantity;
            return fits ? 'taken' : 'refused';
          });
          const outcomes = decideHolds(requests, shelvesOf(units), []);
          expect(outcomes.map(({ kind }) => kind)).toEqual(expected);
        }),
      );
    });

    it('decides the same in whatever order an order names its lines', () => {
      fc.assert(
        fc.property(stock, batch, (units, requests) => {
          const reversed = requests.map((one) => ({ ...one, lines: one.lines.toReversed() }));
          const decide = (all: HoldRequest[]) =>
            decideHolds(all, shelvesOf(units), []).map(({ kind }) => kind);
          expect(decide(reversed)).toEqual(decide(requests));
        }),
      );
    });
  });
});
