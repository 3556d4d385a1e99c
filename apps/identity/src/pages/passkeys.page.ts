import { html } from '@remix-run/html-template';
import type { Passkey } from '../passkeys/passkeys.js';
import { accountPage, signInAgain } from './account.page.js';
import { field, form, moment, note, submit } from './components.js';
import type { Page } from './layout.js';
import { PASSKEY_SCRIPT, passkeyForm, type PasskeyTarget } from './passkey-form.js';

const PATH = '/account/passkeys';
export const LONGEST_NAME = 60;

/** What the page of one's passkeys shows. */
export interface PasskeyList {
  csrf: string;
  passkeys: readonly Passkey[];
  /** Makes another one; left out when nothing may be changed without signing in once more. */
  add?: PasskeyTarget;
  problem?: string;
  news?: string;
}

export function passkeysPage({ csrf, passkeys, add, problem, news }: PasskeyList): Page {
  const makeOne = (target: PasskeyTarget) =>
    html`<noscript><p>Making a passkey needs JavaScript.</p></noscript> ${passkeyForm(target, [
        field({
          name: 'name',
          label: 'Name of the new passkey',
          autocomplete: 'off',
          maxlength: LONGEST_NAME,
          hint: 'So that you know it again, such as “my phone”.',
        }),
        submit('Add a passkey'),
      ])}`;
  const page = accountPage(
    PATH,
    'Passkeys',
    html`<p class="lead">
        Signing in with a passkey takes your fingerprint, your face or a security key, and neither
        your password nor a code.
      </p>
      ${problem && note('bad', problem)}
      <ul class="plain entries">
        ${passkeys.map(
          ({ id, name, createdAt, lastUsedAt }) =>
            html`<li>
              <div>
                <h2>${name}</h2>
                <p class="soft">
                  Since ${moment(createdAt)}.
                  ${lastUsedAt ? html`Last used ${moment(lastUsedAt)}.` : 'Not used yet.'}
                </p>
              </div>
              ${
                add &&
                form(
                  { action: '/account/passkeys/remove', csrf },
                  html`<button
                    type="submit"
                    class="danger small"
                    name="passkey"
                    value="${id}"
                    aria-label="${`Remove the passkey ${name}`}"
                  >
                    Remove
                  </button>`,
                )
              }
            </li>`,
        )}
      </ul>
      ${add ? makeOne(add) : signInAgain(PATH)}`,
    news,
  );
  return add ? { ...page, script: PASSKEY_SCRIPT } : page;
}
