import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Metrics } from '@flotilla/runtime/metrics';
import type { ExecutionContext } from '@nestjs/common';
import { BUDGET_MS } from './budget.js';
import { LoadShedder } from './load-shedder.js';

describe('LoadShedder', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const setup = () => {
    const shedder = new LoadShedder(new Metrics('gateway'));
    const open: EventEmitter[] = [];
    /** Whether a request of that mode is let in; it stays until it is answered. */
    const ask = (mode: 'live' | 'test', { isGone = false, budgetMs = BUDGET_MS } = {}): boolean => {
      const raw = Object.assign(new EventEmitter(), { closed: isGone });
      const http = {
        getRequest: () => ({ edge: { actor: { mode }, deadline: performance.now() + budgetMs } }),
        getResponse: () => ({ raw }),
      };
      try {
        shedder.canActivate({ switchToHttp: () => http } as unknown as ExecutionContext);
      } catch {
        return false;
      }
      open.push(raw);
      return true;
    };
    const answer = (count: number) => open.splice(0, count).forEach((raw) => raw.emit('close'));
    return { ask, answer };
  };

  it('lets in what can be answered in time, and refuses test keys before live ones', () => {
    const { ask, answer } = setup();
    for (let i = 0; i < 200; i += 1) expect(ask('live')).toBe(true);
    jest.advanceTimersByTime(500);
    answer(99);
    jest.advanceTimersByTime(501);
    answer(1); // 100 a second: in two seconds 200 can be answered, and 100 are waiting
    expect(ask('test')).toBe(false);
    expect(ask('live', { budgetMs: 500 })).toBe(false); // three quarters of its time are gone already
    expect(ask('live')).toBe(true);
    while (ask('live')) expect(jest.now()).toBeGreaterThan(0);
    answer(150);
    expect(ask('test')).toBe(true);
    expect(ask('live')).toBe(true);
  });

  it('does not count who had gone before their turn came', () => {
    const { ask, answer } = setup();
    for (let i = 0; i < 60; i += 1) ask('live');
    for (let i = 0; i < 500; i += 1) ask('live', { isGone: true });
    jest.advanceTimersByTime(1_001);
    answer(1);
    expect(ask('test')).toBe(true);
  });

  it('takes the pace of an idle hour for no measure of what it can do', () => {
    const { ask, answer } = setup();
    for (let i = 0; i < 3; i += 1) {
      expect(ask('live')).toBe(true);
      jest.advanceTimersByTime(1_001);
      answer(1);
    }
    for (let i = 0; i < 400; i += 1) expect(ask('live')).toBe(true);
  });

  it('takes few requests for no load, however slow they are', () => {
    const { ask } = setup();
    for (let i = 0; i < 60; i += 1) {
      jest.advanceTimersByTime(1_001);
      expect(ask('test')).toBe(true);
    }
  });
});
