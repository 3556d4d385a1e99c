import { jest } from '@jest/globals';

const real = Date.now.bind(Date);
/** What goes on at its own pace, whatever dates say. */
const doNotFake = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

/** Sets the clock that identity looks at, so far from now. PostgreSQL has its own. Until `jest.useRealTimers()`. */
export function pass(ms: number): void {
  jest.useFakeTimers({ now: real() + ms, doNotFake: [...doNotFake] });
}
