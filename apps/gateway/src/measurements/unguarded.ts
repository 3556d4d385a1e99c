import { runMain } from '@flotilla/runtime/run-main';
import type { DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { bootstrap } from '../bootstrap.js';

/** The gateway as it would be if nobody had to say who they are and nothing were counted: what guards cost is measured against it. */
await runMain((env) => bootstrap(env, withoutGuards));

function withoutGuards(gateway: DynamicModule): DynamicModule {
  const providers = gateway.providers?.filter(
    (provider) => !('provide' in provider) || provider.provide !== APP_GUARD,
  );
  return { ...gateway, providers };
}
