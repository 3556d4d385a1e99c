import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { sample } from './sample.js';

const LETTERS = [...'abcdefghij'];

describe('a sample', () => {
  const given = process.env.FLOTILLA_TEST_SAMPLE;
  beforeEach(() => void jest.spyOn(process.stderr, 'write').mockReturnValue(true));
  afterEach(() => {
    jest.restoreAllMocks();
    if (given === undefined) delete process.env.FLOTILLA_TEST_SAMPLE;
    else process.env.FLOTILLA_TEST_SAMPLE = given;
  });

  const ofDay = (day: number) => {
    process.env.FLOTILLA_TEST_SAMPLE = String(day);
    return sample('letters', LETTERS, 3);
  };

  it('leaves nothing out that the next days do not bring', () => {
    for (let first = 20_000; first < 20_010; first += 1) {
      const days = [0, 1, 2, 3].flatMap((later) => ofDay(first + later));
      expect(new Set(days)).toEqual(new Set(LETTERS));
    }
  });

  it('takes no neighbours', () => {
    const [first, second, third] = ofDay(20_000).map((letter) => LETTERS.indexOf(letter));
    expect([second! - first!, third! - second!]).toEqual([3, 3]);
  });

  it('of one day is the same in every run, and says what to repeat', () => {
    expect(ofDay(20_785)).toEqual(ofDay(20_785));
    expect(process.stderr.write).toHaveBeenLastCalledWith(
      expect.stringMatching(/^3 of 10 letters \(day 20785\): (\w, ){2}\w\n$/),
    );
  });

  it('of what is no more than asked for is all of it', () => {
    expect(sample('letters', LETTERS, 10)).toEqual(LETTERS);
  });
});
