import { html, type SafeHtml } from '@remix-run/html-template';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { form, type FormTarget, hidden } from './components.js';

/** Where a passkey is sent, and what the browser is asked for before. */
export interface PasskeyTarget extends FormTarget {
  ask:
    | { create: PublicKeyCredentialCreationOptionsJSON }
    | { get: PublicKeyCredentialRequestOptionsJSON };
}

/** A form that sends what an authenticator has said. Nothing is seen of it where there are no scripts, or no passkeys. */
export function passkeyForm(target: PasskeyTarget, content: SafeHtml | SafeHtml[]): SafeHtml {
  return html`<div class="passkey" data-ask="${JSON.stringify(target.ask)}" hidden>
    <p class="note bad" role="alert" hidden></p>
    ${form(target, [hidden('response', ''), content].flat())}
  </div>`;
}

/** WebAuthn has no other way than a script. It is in the page as it is, since its hash stands in the content security policy. */
export const PASSKEY_SCRIPT = `
for (const place of document.querySelectorAll('[data-ask]')) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) break;
  const ask = JSON.parse(place.dataset.ask);
  const problem = place.querySelector('[role=alert]');
  const form = place.querySelector('form');
  const credential = () =>
    ask.create
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(ask.create) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(ask.get) });
  place.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      form.elements.response.value = JSON.stringify(await credential());
      form.submit();
    } catch (error) {
      problem.textContent =
        error.name === 'InvalidStateError'
          ? 'There is a passkey for your account on this device already.'
          : 'No passkey was used. Please try again.';
      problem.hidden = false;
    }
  });
}
`;
