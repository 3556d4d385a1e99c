import { type Id, toUuid } from '@flotilla/contracts/ids';
import { RevocationFeed } from '@flotilla/revocation/revocation-feed';
import { Injectable } from '@nestjs/common';
import type { Session } from 'oidc-provider';
import { AuditLog } from '../audit/audit-log.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { type AccountState, AccountStates } from './account-states.js';
import { acrOf } from './authentication-context.js';
import { AuthorizationServer } from './authorization-server.js';
import { type Exchange, secondsOf, type SignedIn } from './interactions.js';
import { OAuthRecords } from './oauth-records.js';

/** A browser that is signed in: the same session that authorization requests see. */
export interface BrowserSession extends SignedIn {
  uid: string;
  account: AccountState;
  signedInAt: Date;
}

/** A browser that is signed in, as the owner of the account sees it. */
export interface SessionSummary {
  uid: string;
  signedInAt: Date;
  clientIds: string[];
}

const SESSION_SECONDS = 14 * 24 * 60 * 60;

/** Who is signed in in a browser, apart from any authorization request. */
@Injectable()
export class BrowserSessions {
  constructor(
    private readonly server: AuthorizationServer,
    private readonly records: OAuthRecords,
    private readonly accounts: AccountStates,
    private readonly factors: SecondFactors,
    private readonly revocations: RevocationFeed,
    private readonly audit: AuditLog,
  ) {}

  /** Undefined for a browser that is not signed in, or not with all that the account asks for by now. */
  async current(exchange: Exchange): Promise<BrowserSession | undefined> {
    const { accountId, loginTs, amr = [], uid } = await this.sessionOf(exchange);
    const account = accountId === undefined ? undefined : await this.accounts.find(accountId);
    if (!account || loginTs === undefined) return undefined;
    const { enrolled } = await this.factors.status(toUuid('usr', account.id));
    if (enrolled && !amr.includes('mfa')) return undefined;
    const { id, credentialVersion } = account;
    const signedInAt = new Date(loginTs * 1000);
    return { uid, account, accountId: id, credentialVersion, amr, signedInAt };
  }

  /**
   * Signs a browser in, under a new identifier: one that somebody else has set it is worth nothing. Nobody is signed in whose
   * credentials were replaced meanwhile.
   */
  async begin(exchange: Exchange, signedIn: SignedIn): Promise<void> {
    const { accountId, amr, signedInAt } = signedIn;
    const session = await this.sessionOf(exchange);
    if (session.accountId !== undefined && session.accountId !== accountId) await session.destroy();
    const { provider } = this.server;
    const fresh = session.accountId === accountId ? session : new provider.Session();
    if (fresh === session) fresh.resetIdentifier();
    const loginTs = secondsOf(signedInAt);
    fresh.loginAccount({ accountId, amr: [...amr], acr: acrOf(amr), loginTs });
    await fresh.save(SESSION_SECONDS);
    // What ends sessions has ended this one, if it was there by then.
    if (!(await this.accounts.isCurrent(signedIn))) return fresh.destroy();
    this.keep(exchange, fresh.jti, new Date(Date.now() + SESSION_SECONDS * 1000));
  }

  /** Signs a browser out. */
  async end(exchange: Exchange, address: string): Promise<void> {
    const session = await this.sessionOf(exchange);
    if (session.accountId !== undefined) await this.destroy(session, 'sign-out', address);
    this.keep(exchange, '', new Date(0));
  }

  /** Every browser that is signed in to an account, by the time of its sign-in. */
  async list(accountId: Id<'usr'>): Promise<SessionSummary[]> {
    const sessions = await this.records.ofAccount('Session', accountId);
    return sessions.map(({ uid, loginTs, authorizations }) => ({
      uid: uid!,
      signedInAt: new Date((loginTs ?? 0) * 1000),
      clientIds: Object.keys(authorizations ?? {}),
    }));
  }

  /** Ends one session of an account, wherever it is. False when it has none of that name. */
  async endOf(accountId: Id<'usr'>, uid: string, address: string): Promise<boolean> {
    const session = await this.server.provider.Session.findByUid(uid);
    if (session?.accountId !== accountId) return false;
    await this.destroy(session, 'session.ended', address);
    return true;
  }

  /** Ends all sessions of an account but the browser's own. */
  async endOthers(accountId: Id<'usr'>, own: string, address: string): Promise<void> {
    for (const { uid } of await this.list(accountId)) {
      if (uid !== own) await this.endOf(accountId, uid, address);
    }
  }

  /** When this resolves, no gateway accepts a token of the session. */
  private async destroy(
    session: Session,
    type: 'sign-out' | 'session.ended',
    address: string,
  ): Promise<void> {
    await session.destroy();
    const accountId = toUuid('usr', session.accountId!);
    await this.audit.note({ type, outcome: 'success', accountId, address });
    await this.revocations.receipt();
  }

  private sessionOf({ request, response }: Exchange): Promise<Session> {
    const { provider } = this.server;
    return provider.Session.get(provider.createContext(request, response));
  }

  private keep({ request, response }: Exchange, id: string, expires: Date): void {
    const { provider } = this.server;
    const { cookies } = provider.createContext(request, response);
    const secure = provider.issuer.startsWith('https:');
    cookies.secure = secure;
    cookies.set(provider.cookieName('session'), id, {
      httpOnly: true,
      sameSite: 'lax',
      signed: true,
      secure,
      path: '/',
      overwrite: true,
      expires,
    });
  }
}
