import { html, type SafeHtml } from '@remix-run/html-template';
import type { Context } from 'koa';
import {
  type Client,
  type ErrorOut,
  errors,
  type KoaContextWithOIDC,
  type UnknownObject,
} from 'oidc-provider';
import { field, hidden, note, submit } from './components.js';
import { awayPage, expiredPage, messagePage } from './consent.page.js';
import { formTargetsOf } from './form-targets.js';
import { type Page, renderPage } from './layout.js';
import { pageHeaders } from './page-reply.js';

/** The pages that oidc-provider shows itself, with its own proof that a form came from here. */

/** Where a person enters the code that a device shows (RFC 8628 §3.3). */
export function enterCodePage(
  ctx: KoaContextWithOIDC,
  _form: string,
  _out?: ErrorOut,
  error?: Error & { userCode?: string },
): void {
  if (error?.name === 'AbortedError') {
    const text = 'Your device is not signed in. You can close this page.';
    return show(ctx, messagePage('Not connected', text));
  }
  show(ctx, {
    title: 'Connect a device',
    body: html`<h1>Connect a device</h1>
      <p class="lead">Enter the code that your device shows.</p>
      ${error && note('bad', 'That did not work. Please look at the code once more.')}
      ${providerForm(ctx, 'code_verification', [
        field({
          name: 'user_code',
          label: 'Code',
          value: error?.userCode,
          autocomplete: 'off',
          className: 'code',
          maxlength: 20,
          autofocus: true,
        }),
        submit('Continue'),
      ])}`,
  });
}

export function confirmDevicePage(
  ctx: KoaContextWithOIDC,
  _form: string,
  client: Client,
  _device: UnknownObject,
  userCode: string,
): void {
  const name = client.clientName ?? client.clientId;
  show(ctx, {
    title: 'Is this your device?',
    body: html`<h1>Is this your device?</h1>
      <p class="lead"><strong>${name}</strong> should show this code:</p>
      <p><code class="code">${userCode}</code></p>
      <p class="soft">
        Go on only if you have the device before you. Whoever sent you this code could get into your
        account.
      </p>
      ${providerForm(ctx, 'code_verification', [
        hidden('user_code', userCode),
        hidden('confirm', 'yes'),
        html`<div class="actions">
          <button type="submit" name="abort" value="yes" class="quiet">No, cancel</button>
          <button type="submit">Yes, continue</button>
        </div>`,
      ])}`,
  });
}

export function finishedDevicePage(ctx: KoaContextWithOIDC): void {
  show(ctx, messagePage('Connected', 'Your device is signed in. You can close this page.'));
}

export function signOutPage(ctx: KoaContextWithOIDC): void {
  show(
    ctx,
    {
      title: 'Sign out',
      body: html`<h1>Sign out?</h1>
        <p class="lead">You will be signed out in this browser.</p>
        ${providerForm(ctx, 'end_session_confirm', [
          html`<div class="actions">
            <button type="submit" class="quiet">Stay signed in</button>
            <button type="submit" name="logout" value="yes">Sign out</button>
          </div>`,
        ])}`,
    },
    formTargetsOf(ctx.oidc.params?.post_logout_redirect_uri),
  );
}

export function signedOutPage(ctx: KoaContextWithOIDC): void {
  show(ctx, messagePage('Signed out', 'You are signed out. You can close this page.'));
}

/** An error that cannot be told to a client, since there is none to go back to. */
export function errorPage(
  ctx: KoaContextWithOIDC,
  { error, error_description }: ErrorOut,
  cause: Error,
): void {
  ctx.state.error = error;
  if (cause instanceof errors.SessionNotFound) return show(ctx, expiredPage());
  const detail = error_description ?? 'The request cannot be carried out.';
  show(ctx, {
    title: 'That did not work',
    body: html`<h1>That did not work</h1>
      <p>${detail}</p>
      <p class="soft">${error}</p>`,
  });
}

/** The same while something that we need is away. */
export function showAway(ctx: Context): void {
  show(ctx, awayPage());
}

function show(ctx: Context, page: Page, formTargets?: string[]): void {
  ctx.set(pageHeaders(formTargets));
  ctx.body = renderPage(page);
}

function providerForm(ctx: KoaContextWithOIDC, route: string, content: SafeHtml[]): SafeHtml {
  const action = new URL(ctx.oidc.urlFor(route)).pathname;
  const { secret } = ctx.oidc.session!.state as { secret: string };
  return html`<form method="post" action="${action}">${hidden('xsrf', secret)} ${content}</form>`;
}
