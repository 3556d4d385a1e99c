import { type DynamicModule, Module } from '@nestjs/common';
import type { RedisConfig } from './config.js';
import { REDIS_CONFIG, RedisLink } from './redis-link.js';

/** The process's `RedisLink`, for every module. */
@Module({})
export class RedisModule {
  static forRoot({ redisUrl, redisSilenceMs }: RedisConfig): DynamicModule {
    return {
      module: RedisModule,
      global: true,
      providers: [{ provide: REDIS_CONFIG, useValue: { redisUrl, redisSilenceMs } }, RedisLink],
      exports: [RedisLink],
    };
  }
}
