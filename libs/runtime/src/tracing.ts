import { randomUUID } from 'node:crypto';
import {
  type Attributes,
  context,
  type Context,
  propagation,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';

/** What carries a trace from one process to the next. */
export type TraceField = 'traceparent' | 'tracestate';
/** Reads one; undefined when it is not there. */
export type TraceReader = (name: TraceField) => string | undefined;
/** Writes one. */
export type TraceWriter = (name: TraceField, value: string) => void;

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());

/** With all retries; a collector that is away delays the end of a service by as much. */
const EXPORT_MS = 1000;

let flush: (() => Promise<void>) | undefined;

/**
 * Sends spans by OTLP over HTTP to `endpoint` (its `/v1/traces`), as OTEL_TRACES_SAMPLER says.
 * Without an endpoint the SDK is not even loaded: trace ids travel and are logged, and spans cost next to nothing.
 * Once per process; returns what sends the last spans.
 */
export async function startTracing(options: {
  service: string;
  endpoint?: string;
}): Promise<() => Promise<void>> {
  if (options.endpoint === undefined) return () => Promise.resolve();
  if (flush) return flush;
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, resources] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const url = `${options.endpoint.replace(/\/$/, '')}/v1/traces`;
  const provider = new NodeTracerProvider({
    resource: resources.resourceFromAttributes({ 'service.name': options.service }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_MS })),
    ],
  });
  trace.setGlobalTracerProvider(provider);
  // Nor does it make a service stop badly.
  flush = () => provider.forceFlush().catch(() => undefined);
  return flush;
}

/** Writes `traceparent` and `tracestate` (https://www.w3.org/TR/trace-context/) of the running trace, if any. */
export function inject(write: TraceWriter): void {
  propagation.inject(context.active(), undefined, {
    set: (_, name, value) => write(name as TraceField, value),
  });
}

/** Runs `fn` in the trace that is named; in a new one when they name none, or not a valid one. */
export function extract<Result>(read: TraceReader, fn: () => Result): Result {
  const named = propagation.extract(ROOT_CONTEXT, undefined, {
    get: (_, name) => read(name as TraceField),
    keys: () => [],
  });
  if (trace.getSpan(named)) return context.with(named, fn);
  // Where spans are sent, the first of them begins the trace, and the sampler decides: an unsampled one would have decided for it.
  return context.with(flush ? ROOT_CONTEXT : newTrace(), fn);
}

/** Runs `fn` in a span: a part of the running trace, or the first of a new one. */
export function inSpan<Result>(
  name: string,
  attributes: Attributes,
  fn: () => Promise<Result>,
): Promise<Result> {
  if (!flush) return trace.getActiveSpan() ? fn() : context.with(newTrace(), fn);
  return trace.getTracer('flotilla').startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await fn();
    } catch (error) {
      // Not its message, which may quote what a client sent.
      span.setStatus({ code: SpanStatusCode.ERROR, message: nameOf(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Ids that tie the log lines of all services together. */
function newTrace(): Context {
  const traceId = randomUUID().replaceAll('-', '');
  const spanContext = { traceId, spanId: traceId.slice(0, 16), traceFlags: TraceFlags.NONE };
  return trace.setSpanContext(ROOT_CONTEXT, spanContext);
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
