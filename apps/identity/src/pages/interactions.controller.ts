import { Controller, Get, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountStates } from '../oauth/account-states.js';
import { BrowserSessions } from '../oauth/browser-sessions.js';
import { Grants } from '../oauth/grants.js';
import { type Interaction, Interactions, type SignedIn } from '../oauth/interactions.js';
import { consentPage } from './consent.page.js';
import { textOf } from './form-body.js';
import { FormTokens } from './form-tokens.js';
import { OwnFormGuard } from './own-form.guard.js';
import { PageErrorsFilter } from './page-errors.filter.js';
import { addressOf, exchangeOf, goOn, sendPage } from './page-reply.js';
import { type SignInPlace, SignInSteps } from './sign-in-steps.js';

/** Signing in and agreeing, as steps of an authorization request. */
@Controller('oauth/interaction/:uid')
@UseGuards(OwnFormGuard)
@UseFilters(PageErrorsFilter)
export class InteractionsController {
  constructor(
    private readonly interactions: Interactions,
    private readonly sessions: BrowserSessions,
    private readonly accounts: AccountStates,
    private readonly grants: Grants,
    private readonly steps: SignInSteps,
    private readonly tokens: FormTokens,
  ) {}

  @Get()
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.showDue(request, reply, await this.find(request, reply));
  }

  @Post('sign-in')
  signIn(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.proceed(request, reply, (place) => this.steps.withPassword(request, reply, place));
  }

  @Post('second-factor')
  secondFactor(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.proceed(request, reply, (place) =>
      this.steps.withSecondFactor(request, reply, place),
    );
  }

  @Post('passkey')
  passkey(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.proceed(request, reply, (place) => this.steps.withPasskey(request, reply, place));
  }

  @Post('consent')
  async consent(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const interaction = await this.find(request, reply);
    // Pressed twice, or in a tab of before: the step that is due is shown.
    if (interaction.prompt !== 'consent') return this.showDue(request, reply, interaction);
    const exchange = exchangeOf(request, reply);
    const agreed = textOf(request.body, 'decision') === 'agree';
    const next = await (agreed
      ? this.interactions.consent(exchange)
      : this.interactions.deny(exchange));
    const { accountId, clientId } = interaction;
    if (accountId) await this.grants.decided(agreed, { accountId, clientId }, addressOf(request));
    goOn(reply, next);
  }

  private find(request: FastifyRequest, reply: FastifyReply): Promise<Interaction> {
    return this.interactions.get(exchangeOf(request, reply));
  }

  /** Goes on as whoever `step` has found to be signed in. */
  private async proceed(
    request: FastifyRequest,
    reply: FastifyReply,
    step: (place: SignInPlace) => Promise<SignedIn | undefined>,
  ): Promise<void> {
    const interaction = await this.find(request, reply);
    if (interaction.prompt !== 'login') return this.showDue(request, reply, interaction);
    await this.goOnAs(request, reply, interaction, await step(placeOf(interaction)));
  }

  private async showDue(
    request: FastifyRequest,
    reply: FastifyReply,
    interaction: Interaction,
  ): Promise<void> {
    const { uid, prompt, clientName, scopes, accountId, formTargets } = interaction;
    if (prompt === 'login') {
      const session = await this.sessions.current(exchangeOf(request, reply));
      // Signed in meanwhile, by registering or in another tab: nobody is asked twice.
      if (session && session.signedInAt >= interaction.beganAt) {
        return this.goOnAs(request, reply, interaction, session);
      }
      return this.steps.show(request, reply, placeOf(interaction));
    }
    const account = accountId && (await this.accounts.find(accountId));
    const form = {
      action: `/oauth/interaction/${uid}/consent`,
      csrf: this.tokens.issue(request, reply),
    };
    const page = consentPage({
      ...form,
      clientName,
      scopes,
      ...(account && { email: account.email }),
    });
    sendPage(reply, 200, page, formTargets);
  }

  private async goOnAs(
    request: FastifyRequest,
    reply: FastifyReply,
    { uid, wantsSecondFactor }: Interaction,
    signedIn: SignedIn | undefined,
  ): Promise<void> {
    if (!signedIn) return;
    const exchange = exchangeOf(request, reply);
    const isEnough = !wantsSecondFactor || signedIn.amr.includes('mfa');
    goOn(
      reply,
      await (isEnough
        ? this.interactions.signIn(exchange, uid, signedIn)
        : this.interactions.withoutSecondFactor(exchange)),
    );
  }
}

function placeOf({ uid, clientId, clientName, formTargets }: Interaction): SignInPlace {
  const path = `/oauth/interaction/${uid}`;
  return { name: uid, path, returnTo: path, clientId, clientName, formTargets };
}
