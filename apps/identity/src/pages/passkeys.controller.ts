import { toUuid } from '@flotilla/contracts/ids';
import { Controller, Get, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type BrowserSession, BrowserSessions } from '../oauth/browser-sessions.js';
import { Passkeys } from '../passkeys/passkeys.js';
import { ManagePasskeys } from '../sign-in/manage-passkeys.js';
import { textOf } from './form-body.js';
import { FormTokens } from './form-tokens.js';
import { OwnFormGuard } from './own-form.guard.js';
import { PageErrorsFilter } from './page-errors.filter.js';
import { addressOf, sendPage } from './page-reply.js';
import { LONGEST_NAME, passkeysPage } from './passkeys.page.js';
import { signedInOr } from './signed-in.js';

const PATH = '/account/passkeys';
const ADDED = { news: 'The passkey is added. You can sign in with it.' };
const NOT_ADDED = { problem: 'The passkey was not added. Please try again.' };
const REMOVED = { news: 'The passkey is removed, and signs nobody in any more.' };

/** The passkeys of one's own account. */
@Controller('account/passkeys')
@UseGuards(OwnFormGuard)
@UseFilters(PageErrorsFilter)
export class PasskeysController {
  constructor(
    private readonly sessions: BrowserSessions,
    private readonly passkeys: Passkeys,
    private readonly manage: ManagePasskeys,
    private readonly tokens: FormTokens,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await signedInOr(this.sessions, request, reply, PATH);
    if (session) await this.showList(200, request, reply, session);
  }

  @Post('add')
  async add(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await signedInOr(this.sessions, request, reply, PATH);
    if (!session) return;
    const name = textOf(request.body, 'name').trim().slice(0, LONGEST_NAME) || 'Passkey';
    const response = textOf(request.body, 'response');
    const added = await this.manage.add(session, { name, response }, addressOf(request));
    await this.showList(added ? 200 : 400, request, reply, session, added ? ADDED : NOT_ADDED);
  }

  @Post('remove')
  async remove(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const session = await signedInOr(this.sessions, request, reply, PATH);
    if (!session) return;
    const removed = await this.manage.remove(
      session,
      textOf(request.body, 'passkey'),
      addressOf(request),
    );
    await this.showList(200, request, reply, session, removed ? REMOVED : {});
  }

  private async showList(
    status: number,
    request: FastifyRequest,
    reply: FastifyReply,
    session: BrowserSession,
    remark: { news?: string; problem?: string } = {},
  ): Promise<void> {
    const csrf = this.tokens.issue(request, reply);
    const page = passkeysPage({
      csrf,
      passkeys: await this.passkeys.list(toUuid('usr', session.account.id)),
      ...(this.manage.mayChange(session) && {
        add: {
          action: `${PATH}/add`,
          csrf,
          ask: { create: await this.manage.creationOptions(session) },
        },
      }),
      ...remark,
    });
    sendPage(reply, status, page);
  }
}
