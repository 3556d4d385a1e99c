import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { KeyUsageMeter } from './key-usage-meter.js';
import { QuotaBlocks } from './quota-blocks.js';

/** Counts every answer to a key, and gives back the quota of a request that was answered with nothing new, or not served. */
export function meterRequests(app: NestFastifyApplication): void {
  const meter = app.get(KeyUsageMeter);
  const quotas = app.get(QuotaBlocks);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, { statusCode }, done) => {
      const { actor, chargedQuota } = request.edge;
      if (actor?.keyId) {
        meter.count(actor.keyId, statusCode);
        if (chargedQuota && (statusCode === 304 || statusCode >= 500)) quotas.refund(actor.keyId);
      }
      done();
    });
}
