import { type DynamicModule, Module } from '@nestjs/common';
import { FOLLOWED_SERVICES, Revocations } from './revocations.js';

/** Follows the revocation feeds of services, for whoever accepts credentials. Needs `MessagingModule`. */
@Module({})
export class RevocationsModule {
  static forRoot({ services }: { services: readonly string[] }): DynamicModule {
    return {
      module: RevocationsModule,
      global: true,
      providers: [{ provide: FOLLOWED_SERVICES, useValue: services }, Revocations],
      exports: [Revocations],
    };
  }
}
