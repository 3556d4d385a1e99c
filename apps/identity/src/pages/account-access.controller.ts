import { mailLocaleOf } from '@flotilla/contracts/mail-locale';
import { isAppError } from '@flotilla/contracts/errors';
import { newUuid } from '@flotilla/contracts/ids';
import { Controller, Get, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BrowserSessions } from '../oauth/browser-sessions.js';
import type { SignedIn } from '../oauth/interactions.js';
import { RegisterUser } from '../use-cases/register-user.js';
import { ownPath, textOf } from './form-body.js';
import { FormTokens } from './form-tokens.js';
import { OwnFormGuard } from './own-form.guard.js';
import { PageErrorsFilter } from './page-errors.filter.js';
import { addressOf, exchangeOf, goOn, sendPage } from './page-reply.js';
import { type RegisterForm, registerPage } from './register.page.js';
import { type SignInPlace, SignInSteps } from './sign-in-steps.js';

type Typed = Pick<RegisterForm, 'values' | 'faults' | 'problem'>;

const NAME_FIELDS = ['firstName', 'lastName'] as const;

/** Getting in and out of one's account: registering, signing in, signing out. */
@Controller('account')
@UseGuards(OwnFormGuard)
@UseFilters(PageErrorsFilter)
export class AccountAccessController {
  constructor(
    private readonly sessions: BrowserSessions,
    private readonly steps: SignInSteps,
    private readonly registerUser: RegisterUser,
    private readonly tokens: FormTokens,
  ) {}

  @Get('sign-in')
  showSignIn(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('return_to') returnTo: unknown,
  ): void {
    this.steps.show(request, reply, placeFor(returnTo));
  }

  @Post('sign-in')
  async signIn(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('return_to') returnTo: unknown,
  ): Promise<void> {
    const place = placeFor(returnTo);
    await this.begin(request, reply, place, await this.steps.withPassword(request, reply, place));
  }

  @Post('second-factor')
  async secondFactor(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('return_to') returnTo: unknown,
  ): Promise<void> {
    const place = placeFor(returnTo);
    const signedIn = await this.steps.withSecondFactor(request, reply, place);
    await this.begin(request, reply, place, signedIn);
  }

  @Post('passkey')
  async passkey(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('return_to') returnTo: unknown,
  ): Promise<void> {
    const place = placeFor(returnTo);
    await this.begin(request, reply, place, await this.steps.withPasskey(request, reply, place));
  }

  @Post('sign-out')
  async signOut(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.sessions.end(exchangeOf(request, reply), addressOf(request));
    goOn(reply, '/account/sign-in');
  }

  @Get('register')
  showRegister(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query('return_to') returnTo: unknown,
  ): void {
    this.showForm(200, request, reply, ownPath(returnTo), { values: {}, faults: {} });
  }

  @Post('register')
  async register(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { body } = request;
    const place = placeFor(textOf(body, 'return_to'));
    const values = {
      email: textOf(body, 'email'),
      firstName: textOf(body, 'firstName').trim(),
      lastName: textOf(body, 'lastName').trim(),
    };
    const registration = { ...values, password: textOf(body, 'password') };
    const faults = nameFaults(values);
    const refuse = (status: number, typed: Omit<Typed, 'values'>) =>
      this.showForm(status, request, reply, place.returnTo, { values, ...typed });
    if (Object.keys(faults).length > 0) return refuse(400, { faults });
    try {
      const locale = mailLocaleOf(request.headers['accept-language']);
      await this.registerUser.execute({ idempotencyKey: newUuid(), registration, locale });
    } catch (error) {
      if (isAppError(error, 'email-taken')) return refuse(409, { faults: { email: TAKEN } });
      if (!isAppError(error, 'validation-failed')) throw error;
      return refuse(400, { faults: faultsOf(error.details!.errors) });
    }
    // Through the gate like anybody: a registration proves no more than a sign-in does.
    await this.begin(request, reply, place, await this.steps.withPassword(request, reply, place));
  }

  private async begin(
    request: FastifyRequest,
    reply: FastifyReply,
    place: SignInPlace,
    signedIn: SignedIn | undefined,
  ): Promise<void> {
    if (!signedIn) return;
    await this.sessions.begin(exchangeOf(request, reply), signedIn);
    goOn(reply, place.returnTo);
  }

  private showForm(
    status: number,
    request: FastifyRequest,
    reply: FastifyReply,
    returnTo: string,
    typed: Typed,
  ): void {
    const csrf = this.tokens.issue(request, reply);
    sendPage(
      reply,
      status,
      registerPage({ action: '/account/register', csrf, returnTo, ...typed }),
    );
  }
}

const TAKEN = 'There is an account with this address already.';

function placeFor(returnTo: unknown): SignInPlace {
  const path = ownPath(returnTo);
  const query = `?return_to=${encodeURIComponent(path)}`;
  return { name: 'account', path: '/account', query, returnTo: path };
}

function nameFaults(values: Record<(typeof NAME_FIELDS)[number], string>): RegisterForm['faults'] {
  const faulty = NAME_FIELDS.filter((name) => values[name].length < 1 || values[name].length > 100);
  return Object.fromEntries(faulty.map((name) => [name, 'Please tell us your name.']));
}

/** What the fields of a registration are refused for, by field. */
function faultsOf(errors: readonly { pointer: string; detail: string }[]): RegisterForm['faults'] {
  return Object.fromEntries(
    errors.map(({ pointer, detail }) => [pointer.split('/').at(-1)!, sentence(detail)]),
  );
}

function sentence(detail: string): string {
  return `${detail.charAt(0).toUpperCase()}${detail.slice(1)}.`;
}
