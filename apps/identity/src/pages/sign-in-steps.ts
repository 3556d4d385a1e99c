import { isAppError } from '@flotilla/contracts/errors';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignedIn } from '../oauth/interactions.js';
import { Passkeys } from '../passkeys/passkeys.js';
import { SignIn, type SignInStep } from '../sign-in/sign-in.js';
import { textOf } from './form-body.js';
import { FormTokens } from './form-tokens.js';
import { tooMany } from './page-errors.filter.js';
import { sendPage } from './page-reply.js';
import { secondFactorPage, signInPage } from './sign-in.page.js';
import { Visitors } from './visitors.js';

/** Where somebody signs in: in the course of an authorization request, or for the account's own pages. */
export interface SignInPlace {
  /** A proof is good at its place only. */
  name: string;
  /** The address under which `/sign-in`, `/second-factor` and `/passkey` are. */
  path: string;
  /** What else those addresses carry. */
  query?: string;
  /** Where the pages for registering and forgotten passwords lead back to. */
  returnTo: string;
  clientId?: string;
  clientName?: string;
  /** Where the last form may lead on to, besides here. */
  formTargets?: readonly string[];
}

const WRONG = 'That is not the right address and password.';
const WRONG_CODE = 'That is not the right code, or it was used already.';
const WRONG_PASSKEY = 'That passkey did not work here. Please try again.';
const EXPIRED = 'That took too long. Please sign in again.';

interface Typed {
  email?: string;
  problem?: string;
}

/** The pages of signing in, in whatever place. */
@Injectable()
export class SignInSteps {
  constructor(
    private readonly signIn: SignIn,
    private readonly passkeys: Passkeys,
    private readonly tokens: FormTokens,
    private readonly visitors: Visitors,
  ) {}

  show(request: FastifyRequest, reply: FastifyReply, place: SignInPlace, typed: Typed = {}): void {
    this.showAs(200, request, reply, place, typed);
  }

  /** Who has signed in; undefined when there is something else to do, which the reply says. */
  async withPassword(
    request: FastifyRequest,
    reply: FastifyReply,
    place: SignInPlace,
  ): Promise<SignedIn | undefined> {
    const email = textOf(request.body, 'email');
    const password = textOf(request.body, 'password');
    const again = (status: number, problem: string) =>
      this.showAs(status, request, reply, place, { email, problem });
    return this.proceed(request, reply, place, { again, wrong: WRONG }, () =>
      this.signIn.withPassword(place.name, { email, password }, this.visitor(request, place)),
    );
  }

  /** The same for the step after it. */
  async withSecondFactor(
    request: FastifyRequest,
    reply: FastifyReply,
    place: SignInPlace,
  ): Promise<SignedIn | undefined> {
    const proof = textOf(request.body, 'proof');
    const code = textOf(request.body, 'code');
    const again = (status: number, problem: string) =>
      this.askForCode(status, request, reply, place, proof, problem);
    return this.proceed(request, reply, place, { again, wrong: WRONG_CODE }, () =>
      this.signIn.withSecondFactor(place.name, { proof, code }, this.visitor(request, place)),
    );
  }

  /** The same with a passkey, which needs no step after it. */
  async withPasskey(
    request: FastifyRequest,
    reply: FastifyReply,
    place: SignInPlace,
  ): Promise<SignedIn | undefined> {
    const [response, csrf] = [textOf(request.body, 'response'), textOf(request.body, 'csrf')];
    const again = (status: number, problem: string) =>
      this.showAs(status, request, reply, place, { problem });
    return this.proceed(request, reply, place, { again, wrong: WRONG_PASSKEY }, () =>
      this.signIn.withPasskey(inBrowser(place, csrf), response, this.visitor(request, place)),
    );
  }

  private async proceed(
    request: FastifyRequest,
    reply: FastifyReply,
    place: SignInPlace,
    { again, wrong }: { again: (status: number, problem: string) => void; wrong: string },
    attempt: () => Promise<SignInStep>,
  ): Promise<SignedIn | undefined> {
    const step = await attempt().catch((error: unknown) => {
      if (!isAppError(error, 'rate-limited')) throw error;
      const { retryAfterSeconds } = error.details!;
      void reply.header('retry-after', retryAfterSeconds);
      again(429, tooMany(retryAfterSeconds));
    });
    switch (step?.kind) {
      case 'done':
        this.visitors.remember(reply, step.deviceToken);
        return step.signedIn;
      case 'second-factor':
        this.askForCode(200, request, reply, place, step.proof);
        return undefined;
      case 'wrong':
        again(401, wrong);
        return undefined;
      case 'expired':
        this.showAs(401, request, reply, place, { problem: EXPIRED });
        return undefined;
      case undefined:
        return undefined;
    }
  }

  private showAs(
    status: number,
    request: FastifyRequest,
    reply: FastifyReply,
    place: SignInPlace,
    typed: Typed,
  ): void {
    const { path, query = '', returnTo, clientName, formTargets } = place;
    const csrf = this.tokens.issue(request, reply);
    const form = { action: `${path}/sign-in${query}`, csrf };
    const passkey = {
      action: `${path}/passkey${query}`,
      csrf,
      ask: { get: this.passkeys.requestOptions(inBrowser(place, csrf)) },
    };
    const page = signInPage({ ...form, passkey, returnTo, clientName, ...typed });
    sendPage(reply, status, page, formTargets);
  }

  private askForCode(
    status: number,
    request: FastifyRequest,
    reply: FastifyReply,
    { path, query = '', formTargets }: SignInPlace,
    proof: string,
    problem?: string,
  ): void {
    const form = {
      action: `${path}/second-factor${query}`,
      csrf: this.tokens.issue(request, reply),
    };
    sendPage(reply, status, secondFactorPage({ ...form, proof, problem }), formTargets);
  }

  private visitor(request: FastifyRequest, { clientId }: SignInPlace) {
    return this.visitors.of(request, clientId);
  }
}

/** What was signed for one browser is worth nothing in another: the token of its forms is its own. */
function inBrowser({ name }: SignInPlace, csrf: string): string {
  return `${name}:${csrf}`;
}
