import { isAppError } from '@flotilla/contracts/errors';
import type { Next } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { messagePage } from './consent.page.js';
import { renderPage } from './layout.js';
import { tooMany } from './page-errors.filter.js';
import { pageHeaders } from './page-reply.js';
import type { AttemptGate, Charge } from '../abuse/attempt-gate.js';

const PATH = '/oauth/device/verify';

/** Puts the gate in front of the codes that people type for their devices: they are short (RFC 8628 §5.1). */
export function guessDeviceCode(gate: AttemptGate) {
  return async (ctx: KoaContextWithOIDC, next: Next): Promise<void> => {
    if (ctx.method !== 'POST' || ctx.path !== PATH) return next();
    let charge: Charge;
    try {
      charge = await gate.admit({ address: ctx.ip });
    } catch (error) {
      if (!isAppError(error, 'rate-limited')) throw error;
      const { retryAfterSeconds: seconds } = error.details!;
      ctx.status = 429;
      ctx.set({ ...pageHeaders(), 'retry-after': String(seconds) });
      ctx.body = renderPage(messagePage('One moment, please', tooMany(seconds)));
      return;
    }
    await next();
    if (ctx.oidc?.entities.DeviceCode) await gate.refund(charge);
  };
}
