import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

describe('Metrics', () => {
  it('counts in one place however often a figure is asked for', async () => {
    const metrics = new Metrics('orders');
    metrics.counter('placed_total', 'Orders').inc();
    metrics.counter('placed_total', 'Orders').inc();
    expect(await metrics.text()).toContain('placed_total{service="orders"} 2');
  });

  it('reads a gauge when somebody looks', async () => {
    const metrics = new Metrics('orders');
    let waiting = 1;
    metrics.gauge('waiting', 'Requests', [], () => waiting);
    waiting = 7;
    expect(await metrics.text()).toContain('waiting{service="orders"} 7');
  });

  it('keeps services of one process apart', async () => {
    const [orders, users] = [new Metrics('orders'), new Metrics('users')];
    orders.counter('placed_total', 'Orders').inc();
    expect(await users.text()).not.toContain('placed_total');
  });
});
