import { html } from '@remix-run/html-template';
import { field, form, type FormTarget, hidden, note, submit } from './components.js';
import type { Page } from './layout.js';
import { PASSWORD_HINT } from './register.page.js';

export function forgottenPasswordPage(
  given: FormTarget & { returnTo: string; problem?: string },
): Page {
  return {
    title: 'Forgotten password',
    body: html`<h1>Forgotten your password?</h1>
      <p class="lead">Tell us your address, and we send you a link to choose a new one.</p>
      ${given.problem && note('bad', given.problem)}
      ${form(given, [
        hidden('return_to', given.returnTo),
        field({
          name: 'email',
          label: 'E-mail',
          type: 'email',
          autocomplete: 'username',
          maxlength: 254,
          autofocus: true,
        }),
        submit('Send me a link'),
      ])}
      <p class="links">
        <a href="/account/sign-in?return_to=${encodeURIComponent(given.returnTo)}"
          >Back to sign in</a
        >
      </p>`,
  };
}

/** The same whether there is such an account or not. */
export function linkSentPage(minutes: number): Page {
  return {
    title: 'Look into your mail',
    body: html`<h1>Look into your mail</h1>
      <p>
        If there is an account with that address, a link is on its way to it. It works once, within
        ${minutes} minutes.
      </p>
      <p class="soft">
        Nothing there? Look among unwanted mail, or
        <a href="/account/forgotten-password">ask again</a> in a few minutes.
      </p>`,
  };
}

export function resetPasswordPage(given: FormTarget & { token: string; fault?: string }): Page {
  return {
    title: 'Choose a new password',
    body: html`<h1>Choose a new password</h1>
      <p class="lead">
        It signs you out everywhere, and withdraws what applications may do in your name.
      </p>
      ${given.fault && note('bad', 'This password will not do.')}
      ${form(given, [
        hidden('token', given.token),
        field({
          name: 'password',
          label: 'New password',
          type: 'password',
          autocomplete: 'new-password',
          maxlength: 128,
          hint: PASSWORD_HINT,
          fault: given.fault,
          autofocus: true,
        }),
        submit('Set my new password'),
      ])}`,
  };
}

/** What a link in a mail shows that has been used, or is too old. */
export function deadLinkPage(again: { href: string; label: string }): Page {
  return {
    title: 'This link does not work any more',
    body: html`<h1>This link does not work any more</h1>
      <p>Links in our mails work once, and for a short time.</p>
      <p class="actions"><a class="button" href="${again.href}">${again.label}</a></p>`,
  };
}

export function confirmEmailPage(given: FormTarget & { token: string }): Page {
  return {
    title: 'Confirm your address',
    body: html`<h1>Confirm your address</h1>
      <p class="lead">One click, and we know that we can reach you.</p>
      ${form(given, [hidden('token', given.token), submit('Confirm my address')])}`,
  };
}

/** Says that something is done, and where to go from there. */
export function donePage(title: string, text: string, next: { href: string; label: string }): Page {
  return {
    title,
    body: html`<h1>${title}</h1>
      <p>${text}</p>
      <p class="actions"><a class="button" href="${next.href}">${next.label}</a></p>`,
  };
}
