import { html, type SafeHtml } from '@remix-run/html-template';
import { field, form, type FormTarget, moment, note, submit } from './components.js';
import type { Page } from './layout.js';
import { scopeWords } from './scope-words.js';

const SECTIONS = [
  ['/account', 'Overview'],
  ['/account/two-factor', 'Second factor'],
  ['/account/passkeys', 'Passkeys'],
  ['/account/sessions', 'Sessions'],
  ['/account/grants', 'Applications'],
] as const;

export type Section = (typeof SECTIONS)[number][0];

/** A page of one's own account. */
export function accountPage(
  current: Section,
  title: string,
  content: SafeHtml,
  news?: string,
): Page {
  const links = SECTIONS.map(
    ([href, label]) =>
      html`<li>
        <a href="${href}" ${href === current ? html` aria-current="page"` : ''}>${label}</a>
      </li>`,
  );
  return {
    title,
    wide: true,
    body: html`<nav aria-label="Account">
        <ul>
          ${links}
        </ul>
      </nav>
      <h1>${title}</h1>
      ${news && note('good', news)} ${content}`,
  };
}

/** What the overview shows. */
export interface Overview {
  csrf: string;
  email: string;
  emailConfirmed: boolean;
  secondFactor: boolean;
  news?: string;
}

export function overviewPage({ csrf, email, emailConfirmed, secondFactor, news }: Overview): Page {
  const resend = form(
    { action: '/account/confirm-email/again', csrf },
    submit('Send a new link', 'quiet small'),
  );
  return accountPage(
    '/account',
    'Your account',
    html`<ul class="plain entries">
      <li>
        <div>
          <h2>E-mail ${badge(emailConfirmed, 'confirmed', 'not confirmed')}</h2>
          <p>${email}</p>
        </div>
        ${emailConfirmed ? '' : resend}
      </li>
      <li>
        <div>
          <h2>Second factor ${badge(secondFactor, 'on', 'off')}</h2>
          <p class="soft">A code from your phone besides your password.</p>
        </div>
        <a class="button quiet small" href="/account/two-factor"
          >${secondFactor ? 'Manage' : 'Set up'}</a
        >
      </li>
      <li>
        <div>
          <h2>Passkeys</h2>
          <p class="soft">Sign in with your fingerprint, your face or a security key.</p>
        </div>
        <a class="button quiet small" href="/account/passkeys">Manage</a>
      </li>
      <li>
        <div>
          <h2>Password</h2>
          <p class="soft">We send you a link to choose a new one.</p>
        </div>
        <a class="button quiet small" href="/account/forgotten-password">Change</a>
      </li>
      <li>
        <div>
          <h2>This browser</h2>
          <p class="soft">Signs you out here; applications keep their access.</p>
        </div>
        ${form({ action: '/account/sign-out', csrf }, submit('Sign out', 'quiet small'))}
      </li>
    </ul>`,
    news,
  );
}

/** A browser that is signed in. */
export interface SessionEntry {
  uid: string;
  current: boolean;
  signedInAt: Date;
  /** The names of the applications it has been used for. */
  clients: readonly string[];
}

export function sessionsPage(csrf: string, sessions: readonly SessionEntry[], news?: string): Page {
  return accountPage(
    '/account/sessions',
    'Sessions',
    html`<p class="lead">
        Browsers that are signed in to your account. Ending one ends what applications were given
        through it.
      </p>
      <ul class="plain entries">
        ${sessions.map(
          ({ uid, current, signedInAt, clients }) =>
            html`<li>
              <div>
                <h2>
                  Since ${moment(signedInAt)}
                  ${current ? html`<span class="badge">this browser</span>` : ''}
                </h2>
                <p class="soft">
                  ${clients.length > 0 ? `Used for ${clients.join(', ')}` : 'Not used for any application yet'}
                </p>
              </div>
              ${form(
                { action: '/account/sessions/end', csrf },
                html`<button
                  type="submit"
                  class="danger small"
                  name="session"
                  value="${uid}"
                  aria-label="${`End the session since ${signedInAt.toISOString()}`}"
                >
                  End
                </button>`,
              )}
            </li>`,
        )}
      </ul>`,
    news,
  );
}

/** What an application was given. */
export interface GrantEntry {
  id: string;
  clientName: string;
  scopes: readonly string[];
  givenAt: Date;
}

export function grantsPage(csrf: string, grants: readonly GrantEntry[], news?: string): Page {
  const none =
    grants.length === 0 ? html`<p>No application has access to your account.</p>` : undefined;
  return accountPage(
    '/account/grants',
    'Applications',
    html`<p class="lead">What applications may do in your name. Withdrawing works at once.</p>
      ${none}
      <ul class="plain entries">
        ${grants.map(
          ({ id, clientName, scopes, givenAt }) =>
            html`<li>
              <div>
                <h2>${clientName}</h2>
                <p class="soft">
                  Since ${moment(givenAt)}. May ${scopes.map(scopeWords).join('; ')}.
                </p>
              </div>
              ${form(
                { action: '/account/grants/withdraw', csrf },
                html`<button
                  type="submit"
                  class="danger small"
                  name="grant"
                  value="${id}"
                  aria-label="${`Withdraw the access of ${clientName}`}"
                >
                  Withdraw
                </button>`,
              )}
            </li>`,
        )}
      </ul>`,
    news,
  );
}

/** Where nothing that signs in may be changed before somebody has signed in once more. */
export function signInAgainPage(path: Section, title: string, news?: string): Page {
  return accountPage(path, title, signInAgain(path), news);
}

export function signInAgain(path: Section): SafeHtml {
  return html`<p>
    To change something here, please
    <a href="/account/sign-in?return_to=${path}">sign in once more</a>, so that nobody does who only
    finds your browser open.
  </p>`;
}

/** Setting an authenticator app up. */
export interface Enrolment extends FormTarget {
  qr: SafeHtml;
  secret: string;
  problem?: string;
  news?: string;
}

export function enrolPage(given: Enrolment): Page {
  return accountPage(
    '/account/two-factor',
    'Second factor',
    html`<p class="lead">With an authenticator app, nobody gets in who only knows your password.</p>
      ${given.problem && note('bad', given.problem)}
      <div class="qr">
        <div>${given.qr}</div>
        <div>
          <p>Scan this with the app of your choice.</p>
          <p class="soft">Or type this key in:<br /><code>${given.secret}</code></p>
        </div>
      </div>
      ${form(given, [
        field({
          name: 'code',
          label: 'The code that it shows now',
          autocomplete: 'one-time-code',
          inputmode: 'numeric',
          className: 'code',
          maxlength: 10,
        }),
        submit('Turn on'),
      ])}`,
    given.news,
  );
}

export function recoveryCodesPage(codes: readonly string[]): Page {
  return accountPage(
    '/account/two-factor',
    'Your recovery codes',
    html`${note('good', 'A code of your app is now asked for at every sign-in.')}
      <p>
        Each of these lets you in once when you are without your phone. Keep them somewhere safe:
        <strong>they are shown only now.</strong>
      </p>
      <ul class="codes" aria-label="Recovery codes">
        ${codes.map((code) => html`<li><code>${code}</code></li>`)}
      </ul>
      <p class="actions"><a class="button" href="/account/two-factor">I have kept them</a></p>`,
  );
}

/** A second factor that is on. */
export interface EnrolledFactor {
  csrf: string;
  codesLeft: number;
  problem?: string;
  news?: string;
}

export function enrolledPage({ csrf, codesLeft, problem, news }: EnrolledFactor): Page {
  return accountPage(
    '/account/two-factor',
    'Second factor',
    html`<p class="lead">
        A code of your authenticator app is asked for at every sign-in. ${codesLeft} recovery
        ${codesLeft === 1 ? 'code is' : 'codes are'} left.
      </p>
      ${problem && note('bad', problem)}
      ${form({ action: '/account/two-factor/change', csrf }, [
        field({
          name: 'code',
          label: 'A code of your app, or a recovery code',
          autocomplete: 'one-time-code',
          className: 'code',
          maxlength: 30,
          hint: 'So that nobody changes this who only finds your browser open.',
        }),
        html`<div class="actions">
          <button type="submit" name="change" value="remove" class="danger">Turn off</button>
          <button type="submit" name="change" value="codes" class="quiet">
            New recovery codes
          </button>
        </div>`,
      ])}`,
    news,
  );
}

function badge(on: boolean, yes: string, no: string): SafeHtml {
  return html`<span class="badge ${on ? '' : 'off'}">${on ? yes : no}</span>`;
}
