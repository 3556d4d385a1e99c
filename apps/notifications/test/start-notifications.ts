import type { RunningService } from '@flotilla/runtime/bootstrap';
import { testService, type TestServiceOptions } from '@flotilla/testing/service';
import { bootstrap } from '../src/bootstrap.js';

/** Notifications in this process, with a key for webhooks. */
export function startNotifications({
  env,
  ...around
}: TestServiceOptions): Promise<RunningService> {
  const WEBHOOK_KEYS = Buffer.alloc(32, 'test').toString('base64url');
  return testService(bootstrap, { ...around, env: { WEBHOOK_KEYS, ...env } });
}
