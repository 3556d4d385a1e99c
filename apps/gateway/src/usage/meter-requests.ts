import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { KeyUsageMeter } from './key-usage-meter.js';
import { QuotaBlocks } from './quota-blocks.js';

/** Whoever gets nothing new (304), is told to wait (429) or is not served has spent nothing. */
const isFree = (status: number): boolean => status === 304 || status === 429 || status >= 500;

/** Counts every answer to a key, and gives back the quota that was spent on what costs nothing. */
export function meterRequests(app: NestFastifyApplication): void {
  const meter = app.get(KeyUsageMeter);
  const quotas = app.get(QuotaBlocks);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, { statusCode }, done) => {
      const { actor, quotaUnits } = request.edge;
      if (actor?.keyId) {
        meter.count(actor.keyId, statusCode);
        if (isFree(statusCode)) quotas.refund(actor.keyId, quotaUnits);
      }
      done();
    });
}
