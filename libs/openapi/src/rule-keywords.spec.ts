import { describe, expect, it } from '@jest/globals';
import { ArrayMaxSize, IsInt, IsOptional, Matches, Max, MaxLength, Min } from 'class-validator';
import { RuleKeywords } from './rule-keywords.js';

class Parcel {
  @IsInt()
  @Min(1)
  @Max(10)
  weight: number;

  @IsOptional()
  @MaxLength(5, { each: true })
  @ArrayMaxSize(3)
  labels?: string[];

  @Matches(/^[A-Z]{3}$/)
  currency: string;
}

describe('RuleKeywords', () => {
  const rules = new RuleKeywords([Parcel]);

  it('says in JSON Schema what class-validator enforces', () => {
    expect(rules.apply('Parcel', 'weight', { type: 'integer' })).toEqual({
      type: 'integer',
      minimum: 1,
      maximum: 10,
    });
    expect(rules.apply('Parcel', 'currency', { type: 'string' })).toEqual({
      type: 'string',
      pattern: '^[A-Z]{3}$',
    });
  });

  it('puts rules for each item on the items', () => {
    expect(rules.apply('Parcel', 'labels', { type: 'array', items: { type: 'string' } })).toEqual({
      type: 'array',
      items: { type: 'string', maxLength: 5 },
      maxItems: 3,
    });
  });

  it('keeps null where the type allows it', () => {
    expect(rules.apply('Parcel', 'weight', { type: ['integer', 'null'] })).toMatchObject({
      type: ['integer', 'null'],
    });
  });

  it('refuses two DTO classes of one name, which one schema could not describe', () => {
    const other = { Parcel: class {} }.Parcel;
    expect(() => new RuleKeywords([Parcel, other])).toThrow('Parcel');
  });
});
