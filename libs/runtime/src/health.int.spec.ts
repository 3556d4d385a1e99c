import { expect, it } from '@jest/globals';
import { startMetricsServer } from './health.js';
import { Metrics } from './metrics.js';

it('serves figures, and nothing else, on a port of their own', async () => {
  const metrics = new Metrics('gateway');
  metrics.counter('requests_total', 'Requests').inc();
  const server = await startMetricsServer(metrics, '127.0.0.1', 0);
  try {
    const reply = await fetch(`http://127.0.0.1:${server.port}/metrics`);
    expect(reply.headers.get('content-type')).toBe(metrics.contentType);
    expect(await reply.text()).toContain('requests_total{service="gateway"} 1');
    expect((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status).toBe(404);
  } finally {
    await server.close();
  }
});
