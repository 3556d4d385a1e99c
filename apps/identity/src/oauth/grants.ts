import { notFound } from '@flotilla/contracts/errors';
import { type Id, toUuid } from '@flotilla/contracts/ids';
import type { GrantView } from '@flotilla/contracts/oauth-grants';
import type { OAuthScope } from '@flotilla/contracts/oauth-scopes';
import type { Page } from '@flotilla/contracts/pages';
import { RevocationFeed } from '@flotilla/revocation/revocation-feed';
import { Injectable } from '@nestjs/common';
import type { AdapterPayload } from 'oidc-provider';
import { AuditLog } from '../audit/audit-log.js';
import { AuthorizationServer } from './authorization-server.js';
import { OAuthRecords } from './oauth-records.js';

/** A consent as oidc-provider stores it. */
type GrantPayload = AdapterPayload & {
  openid?: { scope?: string };
  resources?: Record<string, string>;
};

/** What people have agreed to, for them to see and to withdraw. */
@Injectable()
export class Grants {
  constructor(
    private readonly server: AuthorizationServer,
    private readonly records: OAuthRecords,
    private readonly revocations: RevocationFeed,
    private readonly audit: AuditLog,
  ) {}

  /** Newest first. */
  async list(accountId: Id<'usr'>): Promise<Page<GrantView>> {
    const grants = await this.records.ofAccount('Grant', accountId);
    return { data: await Promise.all(grants.map((grant) => this.toView(grant))), nextCursor: null };
  }

  /** Writes down what somebody has decided about a client. */
  async decided(
    agreed: boolean,
    { accountId, clientId }: { accountId: Id<'usr'>; clientId: string },
    address: string,
  ): Promise<void> {
    await this.note(agreed ? 'grant.given' : 'grant.refused', accountId, clientId, address);
  }

  /**
   * Takes a grant back with every token that was given for it: when this resolves, no gateway accepts one.
   * @throws AppError `not-found`, also for a grant of others
   */
  async withdraw(accountId: Id<'usr'>, grantId: string, address?: string): Promise<void> {
    const grant = await this.records.find('Grant', grantId);
    if (grant?.accountId !== accountId) throw notFound('grant');
    await this.records.removeGrant(grantId);
    await this.note('grant.revoked', accountId, grant.clientId!, address);
    await this.revocations.receipt();
  }

  /** What people know a client by; its id when it has no name, or is gone. */
  async nameOf(clientId: string): Promise<string> {
    const client = await this.server.provider.Client.find(clientId);
    return client?.clientName ?? clientId;
  }

  private note(
    type: 'grant.given' | 'grant.refused' | 'grant.revoked',
    userId: Id<'usr'>,
    clientId: string,
    address?: string,
  ): Promise<void> {
    const accountId = toUuid('usr', userId);
    return this.audit.note({ type, outcome: 'success', accountId, address, clientId });
  }

  private async toView({ jti, clientId, iat, exp, ...payload }: GrantPayload): Promise<GrantView> {
    const scopes = [payload.openid?.scope, ...Object.values(payload.resources ?? {})];
    return {
      id: jti!,
      clientId: clientId!,
      clientName: await this.nameOf(clientId!),
      scopes: [...new Set(scopes.flatMap((scope) => scope?.split(' ') ?? []))] as OAuthScope[],
      createdAt: new Date(iat! * 1_000).toISOString(),
      expiresAt: new Date(exp! * 1_000).toISOString(),
    };
  }
}
