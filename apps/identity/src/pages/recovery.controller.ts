import { mailLocaleOf } from '@flotilla/contracts/mail-locale';
import { isAppError } from '@flotilla/contracts/errors';
import { Controller, Get, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { EmailLinks, LINK_MINUTES } from '../email-links/email-links.js';
import { BrowserSessions } from '../oauth/browser-sessions.js';
import { ConfirmEmail } from '../recovery/confirm-email.js';
import { RequestPasswordReset } from '../recovery/request-password-reset.js';
import { ResetPassword } from '../recovery/reset-password.js';
import { ownPath, textOf } from './form-body.js';
import { FormTokens } from './form-tokens.js';
import { OwnFormGuard } from './own-form.guard.js';
import { PageErrorsFilter } from './page-errors.filter.js';
import { addressOf, exchangeOf, goOn, sendPage } from './page-reply.js';
import {
  confirmEmailPage,
  deadLinkPage,
  donePage,
  forgottenPasswordPage,
  linkSentPage,
  resetPasswordPage,
} from './recovery.page.js';

const FORGOTTEN = '/account/forgotten-password';
const RESET = '/account/reset-password';
const CONFIRM = '/account/confirm-email';

/** Forgotten passwords, and the pages behind the links in mails. Looking at a link changes nothing: mail scanners look, too. */
@Controller('account')
@UseGuards(OwnFormGuard)
@UseFilters(PageErrorsFilter)
export class RecoveryController {
  constructor(
    private readonly links: EmailLinks,
    private readonly requestReset: RequestPasswordReset,
    private readonly resetPassword: ResetPassword,
    private readonly confirmEmail: ConfirmEmail,
    private readonly sessions: BrowserSessions,
    private readonly tokens: FormTokens,
  ) {}

  @Get('forgotten-password')
  showForgotten(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('return_to') returnTo: unknown,
  ): void {
    const form = { action: FORGOTTEN, csrf: this.tokens.issue(request, reply) };
    sendPage(reply, 200, forgottenPasswordPage({ ...form, returnTo: ownPath(returnTo) }));
  }

  @Post('forgotten-password')
  async forgotten(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const email = textOf(request.body, 'email');
    await this.requestReset.execute(
      email,
      addressOf(request),
      mailLocaleOf(request.headers['accept-language']),
    );
    sendPage(reply, 200, linkSentPage(LINK_MINUTES));
  }

  @Get('reset-password')
  async showReset(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: unknown,
  ): Promise<void> {
    const token = textOf(query, 'token');
    if (!(await this.links.isGood(token, 'reset-password'))) return refuseReset(reply);
    const form = { action: RESET, csrf: this.tokens.issue(request, reply) };
    sendPage(reply, 200, resetPasswordPage({ ...form, token }));
  }

  @Post('reset-password')
  async reset(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const token = textOf(request.body, 'token');
    const password = textOf(request.body, 'password');
    try {
      const changed = await this.resetPassword.execute(token, password, addressOf(request));
      if (!changed) return refuseReset(reply);
    } catch (error) {
      if (!isAppError(error, 'validation-failed')) throw error;
      const form = { action: RESET, csrf: this.tokens.issue(request, reply) };
      const fault = error.details!.errors[0]!.detail;
      return sendPage(reply, 400, resetPasswordPage({ ...form, token, fault }));
    }
    const text = 'You are signed out everywhere. Sign in with your new password.';
    const next = { href: '/account/sign-in', label: 'Sign in' };
    sendPage(reply, 200, donePage('Your new password is set', text, next));
  }

  @Get('confirm-email')
  async showConfirm(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query() query: unknown,
  ): Promise<void> {
    const token = textOf(query, 'token');
    if (!(await this.links.isGood(token, 'confirm-email'))) return refuseConfirm(reply);
    const form = { action: CONFIRM, csrf: this.tokens.issue(request, reply) };
    sendPage(reply, 200, confirmEmailPage({ ...form, token }));
  }

  @Post('confirm-email')
  async confirm(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const token = textOf(request.body, 'token');
    if (!(await this.confirmEmail.execute(token, addressOf(request)))) return refuseConfirm(reply);
    const next = { href: '/account', label: 'Go to your account' };
    sendPage(reply, 200, donePage('Thank you', 'Your address is confirmed.', next));
  }

  @Post('confirm-email/again')
  async sendAgain(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await this.sessions.current(exchangeOf(request, reply));
    if (!session) return goOn(reply, '/account/sign-in');
    const { account } = session;
    const sent = await this.confirmEmail.sendAgain(
      account,
      addressOf(request),
      mailLocaleOf(request.headers['accept-language']),
    );
    const text = sent
      ? `A link is on its way to ${account.email}. It works once, within ${LINK_MINUTES} minutes.`
      : `Several links are on their way to ${account.email} already. Please wait for one of them.`;
    const next = { href: '/account', label: 'Go to your account' };
    sendPage(reply, 200, donePage('Look into your mail', text, next));
  }
}

function refuseReset(reply: FastifyReply): void {
  sendPage(reply, 410, deadLinkPage({ href: FORGOTTEN, label: 'Ask for a new link' }));
}

function refuseConfirm(reply: FastifyReply): void {
  sendPage(reply, 410, deadLinkPage({ href: '/account', label: 'Go to your account' }));
}
