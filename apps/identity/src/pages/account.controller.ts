import { isAppError } from '@flotilla/contracts/errors';
import { toUuid } from '@flotilla/contracts/ids';
import { Controller, Get, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type BrowserSession, BrowserSessions } from '../oauth/browser-sessions.js';
import { Grants } from '../oauth/grants.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { grantsPage, overviewPage, sessionsPage } from './account.page.js';
import { textOf } from './form-body.js';
import { FormTokens } from './form-tokens.js';
import { OwnFormGuard } from './own-form.guard.js';
import { PageErrorsFilter } from './page-errors.filter.js';
import { addressOf, exchangeOf, goOn, sendPage } from './page-reply.js';
import { signedInOr } from './signed-in.js';

/** One's own account: what it is, who is signed in to it, and what applications may do with it. */
@Controller('account')
@UseGuards(OwnFormGuard)
@UseFilters(PageErrorsFilter)
export class AccountController {
  constructor(
    private readonly sessions: BrowserSessions,
    private readonly grants: Grants,
    private readonly factors: SecondFactors,
    private readonly tokens: FormTokens,
  ) {}

  @Get()
  async overview(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await this.signedIn(request, reply, '/account');
    if (!session) return;
    const { id, email, emailVerified } = session.account;
    const { enrolled } = await this.factors.status(toUuid('usr', id));
    const page = overviewPage({
      csrf: this.tokens.issue(request, reply),
      email,
      emailConfirmed: emailVerified,
      secondFactor: enrolled,
    });
    sendPage(reply, 200, page);
  }

  @Get('sessions')
  async listSessions(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await this.signedIn(request, reply, '/account/sessions');
    if (session) await this.showSessions(request, reply, session);
  }

  @Post('sessions/end')
  async endSession(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await this.signedIn(request, reply, '/account/sessions');
    if (!session) return;
    const uid = textOf(request.body, 'session');
    if (uid === session.uid) {
      await this.sessions.end(exchangeOf(request, reply), addressOf(request));
      return goOn(reply, '/account/sign-in');
    }
    await this.sessions.endOf(session.account.id, uid, addressOf(request));
    await this.showSessions(request, reply, session, 'The session has ended.');
  }

  @Get('grants')
  async listGrants(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await this.signedIn(request, reply, '/account/grants');
    if (session) await this.showGrants(request, reply, session);
  }

  @Post('grants/withdraw')
  async withdraw(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await this.signedIn(request, reply, '/account/grants');
    if (!session) return;
    const grantId = textOf(request.body, 'grant');
    try {
      await this.grants.withdraw(session.account.id, grantId, addressOf(request));
    } catch (error) {
      // Withdrawn already, in another tab: what was wanted is so.
      if (!isAppError(error, 'not-found')) throw error;
    }
    await this.showGrants(
      request,
      reply,
      session,
      'The access is withdrawn, at once and everywhere.',
    );
  }

  private signedIn(
    request: FastifyRequest,
    reply: FastifyReply,
    returnTo: string,
  ): Promise<BrowserSession | undefined> {
    return signedInOr(this.sessions, request, reply, returnTo);
  }

  private async showSessions(
    request: FastifyRequest,
    reply: FastifyReply,
    own: BrowserSession,
    news?: string,
  ): Promise<void> {
    const sessions = await this.sessions.list(own.account.id);
    const entries = await Promise.all(
      sessions.map(async ({ uid, signedInAt, clientIds }) => ({
        uid,
        signedInAt,
        current: uid === own.uid,
        clients: await Promise.all(clientIds.map((clientId) => this.grants.nameOf(clientId))),
      })),
    );
    sendPage(reply, 200, sessionsPage(this.tokens.issue(request, reply), entries, news));
  }

  private async showGrants(
    request: FastifyRequest,
    reply: FastifyReply,
    { account }: BrowserSession,
    news?: string,
  ): Promise<void> {
    const { data } = await this.grants.list(account.id);
    const entries = data.map(({ createdAt, ...grant }) => ({
      ...grant,
      givenAt: new Date(createdAt),
    }));
    sendPage(reply, 200, grantsPage(this.tokens.issue(request, reply), entries, news));
  }
}
