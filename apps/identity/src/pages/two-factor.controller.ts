import { isAppError } from '@flotilla/contracts/errors';
import { toUuid } from '@flotilla/contracts/ids';
import { html } from '@remix-run/html-template';
import { Controller, Get, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { renderSVG } from 'uqr';
import { type BrowserSession, BrowserSessions } from '../oauth/browser-sessions.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { readableSecret, totpUri } from '../second-factor/totp.js';
import { ManageSecondFactor } from '../sign-in/manage-second-factor.js';
import { enrolledPage, enrolPage, recoveryCodesPage, signInAgainPage } from './account.page.js';
import { textOf } from './form-body.js';
import { FormTokens } from './form-tokens.js';
import { OwnFormGuard } from './own-form.guard.js';
import { PageErrorsFilter, tooMany } from './page-errors.filter.js';
import { addressOf, exchangeOf, sendPage } from './page-reply.js';
import { signedInOr } from './signed-in.js';

const PATH = '/account/two-factor';
const WRONG = 'That is not the right code, or it was used already.';

/** What the form for the second factor says besides. */
interface Remark {
  problem?: string;
  news?: string;
}

/** The second factor of one's own account. */
@Controller('account/two-factor')
@UseGuards(OwnFormGuard)
@UseFilters(PageErrorsFilter)
export class TwoFactorController {
  constructor(
    private readonly sessions: BrowserSessions,
    private readonly factors: SecondFactors,
    private readonly manage: ManageSecondFactor,
    private readonly tokens: FormTokens,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await signedInOr(this.sessions, request, reply, PATH);
    if (session) await this.showForm(200, request, reply, session);
  }

  @Post('enrol')
  async enrol(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await signedInOr(this.sessions, request, reply, PATH);
    if (!session) return;
    const { account, uid } = session;
    const code = textOf(request.body, 'code');
    const codes = await this.manage.enrol(session, code, addressOf(request));
    if (!codes) return this.showForm(400, request, reply, session, { problem: WRONG });
    // Whoever is signed in elsewhere has proved a password only.
    await this.sessions.endOthers(account.id, uid, addressOf(request));
    // As old as it was: the code of an app that is new proves nothing of who has signed in.
    const amr = [...new Set([...session.amr, 'otp', 'mfa'])];
    await this.sessions.begin(exchangeOf(request, reply), { ...session, amr });
    sendPage(reply, 200, recoveryCodesPage(codes));
  }

  @Post('change')
  async change(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await signedInOr(this.sessions, request, reply, PATH);
    if (!session) return;
    const { account } = session;
    const [code, address] = [textOf(request.body, 'code'), addressOf(request)];
    try {
      if (textOf(request.body, 'change') === 'remove') {
        const removed = await this.manage.remove(account, code, address);
        const remark = removed ? { news: 'The second factor is off.' } : { problem: WRONG };
        return await this.showForm(removed ? 200 : 400, request, reply, session, remark);
      }
      const codes = await this.manage.renewCodes(account, code, address);
      if (codes) return sendPage(reply, 200, recoveryCodesPage(codes));
      await this.showForm(400, request, reply, session, { problem: WRONG });
    } catch (error) {
      if (!isAppError(error, 'rate-limited')) throw error;
      const { retryAfterSeconds: seconds } = error.details!;
      void reply.header('retry-after', seconds);
      await this.showForm(429, request, reply, session, { problem: tooMany(seconds) });
    }
  }

  private async showForm(
    status: number,
    request: FastifyRequest,
    reply: FastifyReply,
    session: BrowserSession,
    remark: Remark = {},
  ): Promise<void> {
    const { account } = session;
    const accountId = toUuid('usr', account.id);
    const csrf = this.tokens.issue(request, reply);
    const { enrolled, codesLeft } = await this.factors.status(accountId);
    if (enrolled) return sendPage(reply, status, enrolledPage({ csrf, codesLeft, ...remark }));
    if (!this.manage.mayEnrol(session))
      return sendPage(reply, status, signInAgainPage(PATH, 'Second factor', remark.news));
    const secret = await this.factors.begin(accountId);
    const page = enrolPage({
      action: `${PATH}/enrol`,
      csrf,
      qr: html.raw`${renderSVG(totpUri(secret, 'Flotilla', account.email), { border: 2 })}`,
      secret: readableSecret(secret),
      ...remark,
    });
    sendPage(reply, status, page);
  }
}
