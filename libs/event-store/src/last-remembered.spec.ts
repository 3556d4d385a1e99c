import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lastRemembered } from './last-remembered.js';

describe('lastRemembered', () => {
  it('finds where a broker that lost the end of its stream and our records part, whatever the gaps', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 60 }),
        fc.nat(),
        async (seqs, cut) => {
          const sorted = seqs.sort((a, b) => a - b);
          const kept = cut % (sorted.length + 1);
          const remembered = new Set(sorted.slice(0, kept));
          let asked = 0;
          const last = await lastRemembered(
            sorted.at(-1)!,
            async (atMost) => {
              const seq = sorted.findLast((candidate) => candidate <= atMost);
              return seq === undefined ? undefined : { seq };
            },
            async ({ seq }) => {
              asked += 1;
              return remembered.has(seq);
            },
          );
          expect(sorted.filter((seq) => seq <= last)).toEqual(sorted.slice(0, kept));
          expect(asked).toBeLessThanOrEqual(20);
        },
      ),
    );
  });
});
