import { describe, expect, it } from '@jest/globals';
import {
  judgeReservation,
  type KeptReservation,
  type ToldOrder,
  type ToldStatus,
} from './reservation-verdict.js';

const TERMS = { mode: 'live', 'line 1': { sku: 'A', quantity: 1 } };

const told = (...statuses: ToldStatus[]): ToldOrder => ({
  history: statuses.map((status, index) => [index + 1, status] as const),
  version: statuses.length,
  isDue: false,
  isOverdue: false,
  expiresAt: null,
  terms: TERMS,
  shipped: {},
});
const kept = (over: Partial<KeptReservation>): KeptReservation => ({
  state: 'held',
  hasEnded: false,
  applied: 0,
  heldSeconds: 1_000,
  expiresAt: null,
  terms: TERMS,
  shipped: {},
  ...over,
});

describe('an order and its reservation', () => {
  it.each<[string, ToldOrder | undefined, KeptReservation | undefined]>([
    ['confirmed and committed', told('confirmed'), kept({ state: 'committed', applied: 1 })],
    ['confirmed, its event on the way', told('confirmed'), kept({})],
    [
      'confirmed, resolved by the sweeper before its event came',
      told('confirmed'),
      kept({ state: 'committed' }),
    ],
    ['pending and held', told('pending'), kept({ applied: 1 })],
    [
      'pending, its confirmation cut short',
      { ...told('pending'), isDue: true },
      kept({ state: 'committed', applied: 1 }),
    ],
    [
      'pending, due and released',
      { ...told('pending'), isDue: true },
      kept({ state: 'released', applied: 1 }),
    ],
    [
      'pending, due, and expired since it was looked at, as inventory was told when it asked',
      { ...told('pending'), isDue: true },
      kept({ state: 'released', applied: 1, hasEnded: true }),
    ],
    [
      'cancelled and released',
      told('confirmed', 'cancelled'),
      kept({ state: 'released', applied: 2 }),
    ],
    [
      'cancelled, its event on the way',
      told('confirmed', 'cancelled'),
      kept({ state: 'committed', applied: 1 }),
    ],
    [
      'confirmed, and cancelled since it was looked at',
      told('confirmed'),
      kept({ state: 'released', applied: 2, hasEnded: true }),
    ],
    [
      'shipped, its event on the way',
      { ...told('confirmed', 'completed'), shipped: { A: 1 } },
      kept({ state: 'committed', applied: 1 }),
    ],
    ['voided, never held', { ...told('voided'), terms: null }, undefined],
    [
      'voided, with a tombstone over nothing',
      { ...told('voided'), terms: null },
      kept({ state: 'released', terms: null }),
    ],
    ['held a moment ago, not decided', undefined, kept({ heldSeconds: 89 })],
  ])('agree: %s', (_, order, reservation) => {
    expect(judgeReservation(order, reservation)).toBeNull();
  });

  it.each<[string, ToldOrder | undefined, KeptReservation | undefined]>([
    ['a confirmed order without a reservation', told('confirmed'), undefined],
    ['a pending order without a reservation', told('pending'), undefined],
    [
      'a confirmed order whose stock was given back',
      told('confirmed'),
      kept({ state: 'released', applied: 1 }),
    ],
    [
      'a confirmed order whose stock was given back before its event came',
      told('confirmed'),
      kept({ state: 'released' }),
    ],
    ['a confirmed order still held after its event', told('confirmed'), kept({ applied: 1 })],
    [
      'a cancelled order still committed after its event',
      told('confirmed', 'cancelled'),
      kept({ state: 'committed', applied: 2 }),
    ],
    [
      'a cancelled order still held after its event',
      told('pending', 'cancelled'),
      kept({ applied: 2 }),
    ],
    [
      'a pending order released before its time',
      told('pending'),
      kept({ state: 'released', applied: 1 }),
    ],
    [
      'a pending order still committed long after its end',
      { ...told('pending'), isDue: true, isOverdue: true },
      kept({ state: 'committed', applied: 1 }),
    ],
    [
      'a pending order that is said to have ended before its time',
      told('pending'),
      kept({ state: 'released', applied: 1, hasEnded: true }),
    ],
    ['a voided order committed', { ...told('voided'), terms: null }, kept({ state: 'committed' })],
    ['a hold that nobody decided', undefined, kept({ heldSeconds: 91 })],
    ['stock committed for no order', undefined, kept({ state: 'committed', heldSeconds: 91 })],
    ['no lines', told('confirmed'), kept({ state: 'committed', applied: 1, terms: null })],
    [
      'other lines',
      told('confirmed'),
      kept({
        state: 'committed',
        applied: 1,
        terms: { ...TERMS, 'line 1': { sku: 'A', quantity: 2 } },
      }),
    ],
    [
      'a confirmed order that is said to have ended',
      told('confirmed'),
      kept({ state: 'committed', applied: 1, hasEnded: true }),
    ],
    [
      'units that were shipped and are still taken',
      { ...told('confirmed', 'completed'), shipped: { A: 1 } },
      kept({ state: 'committed', applied: 2 }),
    ],
    ['another mode', told('confirmed'), kept({ applied: 0, terms: { ...TERMS, mode: 'test' } })],
    [
      'a hold that never ends',
      { ...told('pending'), expiresAt: '2026-01-01T00:00:00.000Z' },
      kept({ applied: 1 }),
    ],
  ])('are found out: %s', (_, order, reservation) => {
    expect(judgeReservation(order, reservation)).not.toBeNull();
  });
});
