import { describe, expect, it } from '@jest/globals';
import type { Movement } from './movement.js';
import { type LevelChange, stockNews } from './stock-news.js';

const BY = { system: 'test' };

function movement(type: Movement['type'], onHandDelta: number, reservedDelta = 0): Movement {
  return { type, productId: 'mug', onHandDelta, reservedDelta, reason: type, by: BY };
}

function change(availableBefore: number, available: number, lowAt = 5): LevelChange {
  return { productId: 'mug', onHand: 20, available, availableBefore, lowAt };
}

const typesOf = (movements: Movement[], changes: LevelChange[]) =>
  stockNews(movements, changes).flatMap(({ events }) => events.map(({ type }) => type));

describe('stockNews', () => {
  it.each([
    [6, 5, true],
    [20, 0, true],
    [6, 6, false],
    [5, 4, false],
    [5, 5, false],
    [0, 6, false],
  ])('from %d to %d available with a threshold of 5 says that stock is low: %s', (from, to, is) => {
    const types = typesOf([movement('reserve', 0, from - to)], [change(from, to)]);
    expect(types).toEqual(is ? ['stock.low'] : []);
  });

  it('says what was counted and brought in, in all, before it says that stock is low', () => {
    const movements = [movement('receipt', 3), movement('adjustment', -12)];

    expect(stockNews(movements, [change(12, 3)])).toEqual([
      {
        productId: 'mug',
        by: BY,
        events: [
          { type: 'stock.adjusted', data: { onHand: 20, delta: -9, reason: 'adjustment' } },
          { type: 'stock.low', data: { available: 3, threshold: 5 } },
        ],
      },
    ]);
  });

  it('says nothing of what orders took, shipped and gave back, nor of what cancels out', () => {
    const orders = [movement('reserve', 0, 2), movement('ship', -1, -1), movement('return', 1)];
    const nothing = [movement('adjustment', 4), movement('adjustment', -4)];
    expect(stockNews([...orders, ...nothing], [change(20, 18)])).toEqual([]);
  });
});
