import { describe, expect, it } from '@jest/globals';
import { extract, inject, inSpan } from './tracing.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const INCOMING = `00-${TRACE}-00f067aa0ba902b7-01`;

function injected(): string | undefined {
  const headers: Record<string, string> = {};
  inject((name, value) => void (headers[name] = value));
  return headers['traceparent'];
}

function traceOf(traceparent: string | undefined): string | undefined {
  return /^00-([0-9a-f]{32})-[0-9a-f]{16}-0[01]$/.exec(traceparent ?? '')?.[1];
}

function receive<Result>(traceparent: string | undefined, fn: () => Result): Result {
  return extract((name) => (name === 'traceparent' ? traceparent : undefined), fn);
}

describe('trace context', () => {
  it('continues the trace of the caller', async () => {
    const passedOn = await receive(INCOMING, () => inSpan('handle', {}, async () => injected()));
    expect(traceOf(passedOn)).toBe(TRACE);
  });

  it.each([
    undefined,
    '',
    'rubbish',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `ff${INCOMING.slice(2)}`,
  ])('starts a trace where the caller has none or a bad one: %p', (traceparent) => {
    const trace = traceOf(receive(traceparent, injected));
    expect(trace).toBeDefined();
    expect(trace).not.toBe(TRACE);
    expect(trace).not.toBe(traceOf(receive(traceparent, injected)));
  });

  it('is one trace for all that a span does', async () => {
    const [outer, inner] = await inSpan('outer', {}, async () => [
      injected(),
      await inSpan('inner', {}, async () => injected()),
    ]);
    expect(traceOf(outer)).toBeDefined();
    expect(traceOf(inner)).toBe(traceOf(outer));
  });

  it('does not leak from one message into the next', async () => {
    await receive(INCOMING, async () => {
      expect(traceOf(receive(undefined, injected))).not.toBe(TRACE);
    });
    expect(injected()).toBeUndefined();
  });

  it('lets the error of a span through', async () => {
    const failing = inSpan('failing', {}, () => Promise.reject(new Error('mine')));
    await expect(failing).rejects.toThrow('mine');
  });
});
