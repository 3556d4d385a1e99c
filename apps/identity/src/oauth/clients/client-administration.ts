import type { Actor } from '@flotilla/contracts/actor';
import { AppError } from '@flotilla/contracts/errors';
import type { Answered } from '@flotilla/contracts/idempotency';
import { newUuid, toId, toUuid } from '@flotilla/contracts/ids';
import {
  CreateOAuthClient,
  type CreateOAuthClientRequest,
  type InitialAccessToken,
  type OAuthClientBody,
  type OAuthClientView,
  type OAuthClientWithSecret,
} from '@flotilla/contracts/oauth-clients';
import { IdempotentRequests } from '@flotilla/event-store/idempotent-requests';
import { Clock } from '@flotilla/runtime/clock';
import { Database, type Transaction } from '@flotilla/runtime/database';
import { RevocationFeed } from '@flotilla/revocation/revocation-feed';
import type { AuditType } from '@flotilla/contracts/audit';
import { Injectable } from '@nestjs/common';
import { errors } from 'oidc-provider';
import { AuditLog } from '../../audit/audit-log.js';
import { AccountStates } from '../account-states.js';
import { AuthorizationServer } from '../authorization-server.js';
import { OAuthRecords } from '../oauth-records.js';
import {
  changedMetadata,
  type ClientMetadata,
  hasSecret,
  newMetadata,
  type StoredClient,
  toView,
} from './client-metadata.js';
import { ClientRegistry } from './client-registry.js';
import { hashSecret, newSecret } from './client-secret.js';

/** What administrators do with OAuth clients; each act is in the audit trail, in the same transaction. */
@Injectable()
export class ClientAdministration {
  constructor(
    private readonly server: AuthorizationServer,
    private readonly clients: ClientRegistry,
    private readonly records: OAuthRecords,
    private readonly accounts: AccountStates,
    private readonly revocations: RevocationFeed,
    private readonly requests: IdempotentRequests,
    private readonly audit: AuditLog,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Registers a client that the caller owns; the first answer alone carries its secret.
   * @throws AppError `validation-failed`; what `IdempotentRequests` throws
   */
  async create(
    actor: Actor,
    { idempotencyKey: key, client: body }: CreateOAuthClientRequest,
  ): Promise<Answered<OAuthClientWithSecret>> {
    const metadata = newMetadata(body);
    await this.validate(metadata);
    const secret = hasSecret(metadata) ? newSecret() : null;
    const request = { actor, key, operation: CreateOAuthClient.subject, body };
    const { answer, replayed } = await this.requests.once(request, async (tx) => {
      const client = this.newClient(toUuid('usr', actor.userId), metadata);
      await this.clients.insert(tx, client, secret === null ? null : hashSecret(secret));
      await this.record(tx, 'client.created', toId('cli', client.id));
      return { ...toView(client), clientSecret: null };
    });
    return { answer: replayed ? answer : { ...answer, clientSecret: secret }, replayed };
  }

  /** @throws AppError `not-found`, `insufficient-permission`, `validation-failed` */
  async change(actor: Actor, clientId: string, body: OAuthClientBody): Promise<OAuthClientView> {
    const client = await this.clients.get(clientId);
    await this.assertMayDoAllOf(actor, client);
    await this.validate(changedMetadata(client.metadata, body));
    const changed = await this.database.transaction(async (tx) => {
      await this.record(tx, 'client.changed', clientId);
      return this.clients.update(tx, clientId, this.clock.now(), (known) => {
        const wanted = changedMetadata(known, body);
        if (hasSecret(wanted) && !hasSecret(known)) throw needsAnotherClient();
        return wanted;
      });
    });
    return toView(changed);
  }

  /**
   * Gives a client another secret, shown once.
   * @throws AppError `not-found`, `insufficient-permission`, `validation-failed` for a client that has none
   */
  async rotateSecret(
    actor: Actor,
    clientId: string,
    overlapSeconds: number,
  ): Promise<OAuthClientWithSecret> {
    const known = await this.clients.get(clientId);
    await this.assertMayDoAllOf(actor, known);
    if (!hasSecret(known.metadata)) throw invalid('/clientId', 'this client has no secret');
    const secret = newSecret();
    const client = await this.database.transaction(async (tx) => {
      await this.record(tx, 'client.secret-rotated', clientId, { overlapSeconds });
      return this.clients.replaceSecret(tx, clientId, hashSecret(secret), overlapSeconds);
    });
    return { ...toView(client), clientSecret: secret };
  }

  /** Removes a client with all that was given to it. @throws AppError `not-found` */
  async remove(clientId: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.clients.remove(tx, clientId);
      await this.record(tx, 'client.deleted', clientId);
      await this.records.removeOfClient(tx, clientId);
      await this.revocations.append(tx, [{ kind: 'client', id: clientId }]);
    });
    await this.revocations.receipt();
  }

  /** Lets somebody else register clients, in the caller's name. */
  async issueInitialAccessToken(actor: Actor): Promise<InitialAccessToken> {
    const token = new this.server.provider.InitialAccessToken();
    const value = await token.save();
    await this.records.nameOwner('InitialAccessToken', value, actor.userId);
    await this.audit.note({ type: 'client.registration-allowed', outcome: 'success' });
    const expiresAt = this.clock.now().getTime() + token.remainingTTL * 1_000;
    return { token: value, expiresAt: new Date(expiresAt).toISOString() };
  }

  /**
   * Whoever has a client's secret, or says how it proves itself, speaks for its owner: that is nobody's whose own role allows
   * less. @throws AppError `insufficient-permission`
   */
  private async assertMayDoAllOf(actor: Actor, { ownerId }: StoredClient): Promise<void> {
    const owner = ownerId === null ? undefined : await this.accounts.find(toId('usr', ownerId));
    const own = await this.accounts.find(actor.userId);
    const permission = owner?.permissions.find((one) => !own?.permissions.includes(one));
    if (!permission) return;
    const detail = `The owner of this client may do more: this needs the permission ${permission}.`;
    throw new AppError('insufficient-permission', detail, { details: { permission } });
  }

  private record(
    tx: Transaction,
    type: AuditType,
    clientId: string,
    details: Readonly<Record<string, number>> = {},
  ): Promise<void> {
    return this.audit.record(tx, { type, outcome: 'success', clientId, details });
  }

  private newClient(ownerId: string, metadata: ClientMetadata): StoredClient {
    const now = this.clock.now();
    return { id: newUuid(now.getTime()), ownerId, metadata, createdAt: now, updatedAt: now };
  }

  /** By the rules that a client is loaded with, so that none is stored that nobody can use. */
  private async validate(metadata: ClientMetadata): Promise<void> {
    const secret = hasSecret(metadata) && { client_secret: 'any' };
    const client_id = toId('cli', newUuid());
    try {
      await this.server.validateClient({ ...metadata, client_id, ...secret });
    } catch (error) {
      if (!(error instanceof errors.OIDCProviderError)) throw error;
      const detail = error.error_description ?? error.message;
      throw invalid(pointerOf(detail), detail);
    }
  }
}

function needsAnotherClient(): AppError {
  const detail = 'a client without a secret cannot be given one: make another client';
  return invalid('/tokenEndpointAuthMethod', detail);
}

function invalid(pointer: string, detail: string): AppError<'validation-failed'> {
  return new AppError('validation-failed', 'The request is not valid.', {
    details: { errors: [{ pointer, code: 'invalid', detail }] },
  });
}

/** The library names the member that is wrong first, as RFC 7591 spells it. */
function pointerOf(detail: string): string {
  const member = /^[a-z_]+/.exec(detail)?.[0] ?? '';
  return `/${member.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;
}
