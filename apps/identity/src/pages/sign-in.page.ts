import { html } from '@remix-run/html-template';
import { field, form, type FormTarget, hidden, note, submit } from './components.js';
import type { Page } from './layout.js';
import { PASSKEY_SCRIPT, passkeyForm, type PasskeyTarget } from './passkey-form.js';

/** What the form for address and password shows. */
export interface SignInForm extends FormTarget {
  /** What it is that one signs in to, where an application asks. */
  clientName?: string;
  email?: string;
  problem?: string;
  /** Something that went well before. */
  news?: string;
  /** Where registering and forgotten passwords lead back to. */
  returnTo: string;
  /** Asks for a passkey instead. */
  passkey: PasskeyTarget;
}

export function signInPage(given: SignInForm): Page {
  const { clientName, email, problem, news, returnTo, passkey } = given;
  const back = `?return_to=${encodeURIComponent(returnTo)}`;
  return {
    title: 'Sign in',
    script: PASSKEY_SCRIPT,
    body: html`<h1>Sign in</h1>
      <p class="lead">
        ${clientName ? html`to go on to <strong>${clientName}</strong>` : 'to your account'}
      </p>
      ${problem && note('bad', problem)} ${news && note('good', news)}
      ${form(given, [
        field({
          name: 'email',
          label: 'E-mail',
          type: 'email',
          value: email,
          autocomplete: 'username',
          maxlength: 254,
          autofocus: email === undefined,
        }),
        field({
          name: 'password',
          label: 'Password',
          type: 'password',
          autocomplete: 'current-password',
          maxlength: 128,
          aside: html`<a href="/account/forgotten-password${back}">Forgotten?</a>`,
          autofocus: email !== undefined,
        }),
        submit('Sign in'),
      ])}
      ${passkeyForm(passkey, submit('Sign in with a passkey', 'quiet'))}
      <p class="links">New here? <a href="/account/register${back}">Create an account</a></p>`,
  };
}

/** What the form for the second factor shows. */
export interface SecondFactorForm extends FormTarget {
  /** That the password was right, sealed. */
  proof: string;
  problem?: string;
}

export function secondFactorPage(given: SecondFactorForm): Page {
  return {
    title: 'Second factor',
    body: html`<h1>One more step</h1>
      <p class="lead">Enter the code that your authenticator app shows now.</p>
      ${given.problem && note('bad', given.problem)}
      ${form(given, [
        hidden('proof', given.proof),
        field({
          name: 'code',
          label: 'Code',
          autocomplete: 'one-time-code',
          className: 'code',
          maxlength: 30,
          hint: 'Without your phone, enter one of your recovery codes.',
          autofocus: true,
        }),
        submit('Continue'),
      ])}`,
  };
}
