import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds; from half a millisecond, for statements and hops, to the longest budget. */
const DURATION_BUCKETS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
];

/** The figures of one service, each made once by name: asking again gives the same one. */
export class Metrics {
  private readonly registry = new Registry();

  constructor(service: string) {
    this.registry.setDefaultLabels({ service });
  }

  /** Adds memory, CPU, event loop and garbage collection of this process. */
  watchProcess(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  counter<Label extends string = never>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Counter<Label> {
    return this.once(
      name,
      (register) => new Counter({ name, help, labelNames, registers: [register] }),
    );
  }

  /** A distribution of durations in seconds, unless other buckets are given. */
  histogram<Label extends string = never>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    buckets: readonly number[] = DURATION_BUCKETS,
  ): Histogram<Label> {
    return this.once(
      name,
      (register) =>
        new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [register] }),
    );
  }

  /** A value that goes up and down; with `read`, taken whenever somebody looks. */
  gauge<Label extends string = never>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
    read?: () => number,
  ): Gauge<Label> {
    return this.once(
      name,
      (register) =>
        new Gauge({
          name,
          help,
          labelNames,
          registers: [register],
          ...(read && {
            collect(this: Gauge<Label>) {
              this.set(read());
            },
          }),
        }),
    );
  }

  /** All figures in the Prometheus text format; its media type is `contentType`. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  private once<M>(name: string, create: (register: Registry) => M): M {
    return (this.registry.getSingleMetric(name) as M | undefined) ?? create(this.registry);
  }
}
