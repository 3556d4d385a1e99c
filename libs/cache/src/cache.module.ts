import { type DynamicModule, Module } from '@nestjs/common';
import { CACHE_CONFIG, type CacheConfig } from './cache-config.js';
import { Cache } from './cache.js';
import { CacheMetrics } from './cache-metrics.js';
import { Generations } from './generations.js';
import { INVALIDATING_EVENTS, Invalidations, type InvalidatingEvents } from './invalidations.js';
import { QueryCache } from './query-cache.js';
import { RedisLayer } from './redis-layer.js';

/** The service's `Cache`, for every module. Needs `MessagingModule` and `RedisModule`. */
@Module({})
export class CacheModule {
  static forRoot(
    config: CacheConfig,
    { events }: { events: readonly InvalidatingEvents[] },
  ): DynamicModule {
    return {
      module: CacheModule,
      global: true,
      providers: [
        { provide: CACHE_CONFIG, useValue: config },
        { provide: INVALIDATING_EVENTS, useValue: events },
        Cache,
        CacheMetrics,
        Generations,
        Invalidations,
        QueryCache,
        RedisLayer,
      ],
      exports: [Cache, QueryCache],
    };
  }
}
