import { html } from '@remix-run/html-template';
import { form, type FormTarget } from './components.js';
import type { Page } from './layout.js';
import { scopeWords } from './scope-words.js';

const TICK = html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
  <path d="m4 13 5 5L20 7" />
</svg>`;

/** What an application asks for. */
export interface ConsentForm extends FormTarget {
  clientName: string;
  scopes: readonly string[];
  /** Who is asked. */
  email?: string;
}

export function consentPage(given: ConsentForm): Page {
  const { clientName, scopes, email } = given;
  return {
    title: `Allow ${clientName}?`,
    body: html`<h1>Allow ${clientName}?</h1>
      <p class="lead">
        ${email && html`You are signed in as <strong>${email}</strong>. `}<strong
          >${clientName}</strong
        >
        would like to:
      </p>
      <ul class="plain scopes">
        ${scopes.map((scope) => html`<li>${TICK}<span>${scopeWords(scope)}</span></li>`)}
      </ul>
      <p class="soft">You can withdraw this at any time in your account.</p>
      ${form(
        given,
        html`<div class="actions">
          <button type="submit" name="decision" value="deny" class="quiet">Don’t allow</button>
          <button type="submit" name="decision" value="agree">Allow</button>
        </div>`,
      )}`,
  };
}

/** An authorization request or a device has come to its end here. */
export function messagePage(title: string, text: string): Page {
  return {
    title,
    body: html`<h1>${title}</h1>
      <p>${text}</p>`,
  };
}

/** A sign-in took too long, was finished before, or is worth nothing any more. */
export function expiredPage(): Page {
  const text = 'Please go back to the application that you came from, and start again.';
  return messagePage('This sign-in has expired', text);
}

/** What somebody is told while something that we need is away, or busy. */
export function awayPage(): Page {
  const text = 'We cannot reach everything that we need. Please try again in a moment.';
  return messagePage('We will be back in a moment', text);
}
