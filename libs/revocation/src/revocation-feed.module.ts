import { type DynamicModule, Module } from '@nestjs/common';
import { GatewayRegistry } from './gateway-registry.js';
import { FEED_SERVICE, RevocationFeed } from './revocation-feed.js';
import { RevocationLog } from './revocation-log.js';
import { revocationController } from './revocation-operations.js';

/**
 * The revocation feed of a service, and `<service>.renew-lease.v1` and `<service>.read-revocations.v1` for those who follow it.
 * Needs `DatabaseModule` with `CreateRevocationFeed1769300000000`, and `MessagingModule`.
 */
@Module({})
export class RevocationFeedModule {
  static forRoot({ service }: { service: string }): DynamicModule {
    return {
      module: RevocationFeedModule,
      global: true,
      controllers: [revocationController(service)],
      providers: [
        { provide: FEED_SERVICE, useValue: service },
        RevocationLog,
        GatewayRegistry,
        RevocationFeed,
      ],
      exports: [RevocationFeed],
    };
  }
}
