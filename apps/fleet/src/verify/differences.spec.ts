import { describe, expect, it } from '@jest/globals';
import { differences } from './differences.js';

describe('differences', () => {
  it('are none between equal documents, whatever order their fields are in', () => {
    expect(differences({ a: 1, b: { c: [1, null] } }, { b: { c: [1, null] }, a: 1 })).toBeNull();
  });

  it('name every field that differs, inner ones by their path', () => {
    expect(
      differences({ role: 'customer', line: { quantity: 1 } }, { role: 'admin', line: {} }),
    ).toBe('role: expected "customer", found "admin"; line.quantity: expected 1, found nothing');
  });

  it('name a field that nobody expects', () => {
    expect(differences({}, { extra: null })).toBe('extra: expected nothing, found null');
  });

  it('show the beginning of a long value only', () => {
    expect(differences({ text: 'x'.repeat(10_000) }, { text: '' })!.length).toBeLessThan(200);
  });
});
