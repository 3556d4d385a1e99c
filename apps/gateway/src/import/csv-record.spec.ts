import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CsvRecord } from './csv-record.js';

describe('CsvRecord', () => {
  it('reads back whatever was quoted, over as many lines as it takes', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é') });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        const text = fields.map((value) => `"${value.replaceAll('"', '""')}"`).join(',');
        const record = new CsvRecord();
        const states = text.split('\n').map((line) => record.feed(line));
        expect(states.pop()).toBe('complete');
        expect(new Set(states).size === 0 || states.every((state) => state === 'open')).toBe(true);
        expect(record.fields).toEqual(fields);
      }),
    );
  });

  it.each([
    ['', ['']],
    ['a,b', ['a', 'b']],
    ['a,', ['a', '']],
    [',,', ['', '', '']],
    ['"",x', ['', 'x']],
    [' a , b', [' a ', ' b']],
  ])('splits %j', (line, fields) => {
    const record = new CsvRecord();
    expect(record.feed(line)).toBe('complete');
    expect(record.fields).toEqual(fields);
  });

  it.each(['a"b', '"a"b', '"a" ,b', 'x,a"'])('refuses %j', (line) => {
    expect(new CsvRecord().feed(line)).toBe('malformed');
  });
});
