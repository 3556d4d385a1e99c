import { Metrics } from '@flotilla/runtime/metrics';
import { Injectable } from '@nestjs/common';

/** What caches do, for `/metrics`. */
@Injectable()
export class CacheMetrics {
  /** What was asked for: hits are what of it was not loaded. */
  readonly reads;
  /** Who answered: memory, Redis behind it, or nobody. */
  readonly lookups;
  /**
   * What came of loading: `kept`; `stale`, out of date before it arrived and so never used again; `absent`, kept that there is
   * nothing; `error`.
   */
  readonly loads;
  readonly invalidations;

  constructor(metrics: Metrics) {
    this.reads = metrics.counter('cache_reads_total', 'Values asked for, by what they are', [
      'name',
    ]);
    this.lookups = metrics.counter('cache_lookups_total', 'Looks into a layer, by outcome', [
      'layer',
      'outcome',
    ]);
    this.loads = metrics.counter('cache_loads_total', 'Values loaded, by what came of it', [
      'name',
      'outcome',
    ]);
    this.invalidations = metrics.counter(
      'cache_invalidations_total',
      'Tags whose values went out of date',
    );
  }
}
