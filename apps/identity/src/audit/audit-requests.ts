import { type Id, toUuid } from '@flotilla/contracts/ids';
import type { AuditType } from '@flotilla/contracts/audit';
import type { Next } from 'koa';
import type { AdapterPayload, DeviceCode, KoaContextWithOIDC } from 'oidc-provider';
import { type AuditLog, NOBODY } from './audit-log.js';

/** What the audit trail calls the requests that the authorization server answers by itself, by their routes. */
const AUDITED: Record<string, AuditType> = {
  token: 'token.issued',
  revocation: 'token.revoked',
  registration: 'client.created',
  end_session_confirm: 'sign-out',
};
/** A device that asks whether somebody has entered its code asks often, and gets nothing (RFC 8628 §3.5). */
const STILL_WAITING = new Set<unknown>(['authorization_pending', 'slow_down']);
/** Where people decide about devices. */
const DEVICE_PAGES = new Set(['code_verification', 'device_resume']);

/** Writes down what clients were given and refused. Before they hear of it: what is not written down has not happened. */
export function auditRequests(audit: AuditLog) {
  return async (ctx: KoaContextWithOIDC, next: Next): Promise<void> => {
    await next();
    const error = ctx.state.error ?? (ctx.body as { error?: unknown } | undefined)?.error;
    const type = typeOf(ctx, error);
    if (!type || ctx.status >= 500) return;
    const { client, params } = ctx.oidc;
    const accountId = accountIn(ctx);
    await audit.note({
      type,
      outcome: ctx.status < 400 ? 'success' : 'failure',
      accountId,
      ...actorOf(type, accountId, client?.clientId),
      address: ctx.ip,
      clientId: client?.clientId,
      details: {
        ...(typeof error === 'string' && { error }),
        ...(client && typeof params?.grant_type === 'string' && { grantType: params.grant_type }),
      },
    });
  };
}

/** Remembers what a client has shown to be given tokens for it. */
export function noteShown(ctx: KoaContextWithOIDC | undefined, payload: AdapterPayload): void {
  if (ctx?.oidc.route === 'token') ctx.state.shown = payload;
}

/** Remembers that it had been used up, if only a moment before. */
export function noteReuse(ctx: KoaContextWithOIDC | undefined): void {
  if (ctx) ctx.state.shown = { ...shownIn(ctx), consumed: true };
}

function shownIn({ state }: KoaContextWithOIDC): AdapterPayload | undefined {
  return state.shown as AdapterPayload | undefined;
}

function typeOf(ctx: KoaContextWithOIDC, error: unknown): AuditType | undefined {
  if (!ctx.oidc || STILL_WAITING.has(error)) return undefined;
  if (error === 'invalid_client') return 'client.authentication';
  const { route, entities } = ctx.oidc;
  if (DEVICE_PAGES.has(route)) return decisionAbout(entities.DeviceCode);
  if (route === 'token' && ctx.status >= 400 && shownIn(ctx)?.consumed) return 'token.reused';
  return AUDITED[route];
}

function decisionAbout(device: DeviceCode | undefined): AuditType | undefined {
  if (device?.accountId) return 'device.connected';
  return device?.error ? 'device.refused' : undefined;
}

function accountIn(ctx: KoaContextWithOIDC): string | null {
  const { entities, session } = ctx.oidc;
  const id = entities.Account?.accountId ?? session?.accountId ?? shownIn(ctx)?.accountId;
  return id?.startsWith('usr_') ? toUuid('usr', id as Id<'usr'>) : null;
}

/** Who has not proved to be a client is not taken for it, nor a client that shows what is used up for its user. */
function actorOf(type: AuditType, accountId: string | null, clientId?: string): { actor?: string } {
  if (type === 'client.authentication') return { actor: NOBODY };
  if (accountId === null || type === 'token.reused') return { actor: clientId ?? NOBODY };
  return {};
}
