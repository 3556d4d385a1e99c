import { html, type SafeHtml } from '@remix-run/html-template';
import { STYLESHEET } from './stylesheet.js';

/** A page of ours. */
export interface Page {
  title: string;
  body: SafeHtml;
  /** Room for lists; pages with one form are narrow. */
  wide?: boolean;
  /** What makes its forms for passkeys work; nothing else needs a script. */
  script?: string;
}

const SAILS = html`<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
  <path d="M17 3v17h11C26 13 22 7 17 3Z" />
  <path d="M14 8C9 11 6 15 5 20h9Z" opacity=".65" />
  <path d="M3 23h26c-2 4-5 6-9 6h-8c-4 0-7-2-9-6Z" />
</svg>`;
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32' fill='%230b5c8a'%3E%3Cpath d='M17 3v17h11C26 13 22 7 17 3ZM14 8C9 11 6 15 5 20h9ZM3 23h26c-2 4-5 6-9 6h-8c-4 0-7-2-9-6Z'/%3E%3C/svg%3E";

// In one piece, since its hash stands in the content security policy.
const STYLE = html.raw`<style>${STYLESHEET}</style>`;

/** The whole document. It needs nothing from elsewhere. */
export function renderPage({ title, body, wide, script }: Page): string {
  return String(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex" />
          <title>${title} · Flotilla</title>
          <link rel="icon" href="${ICON}" />
          ${STYLE}
        </head>
        <body class="${wide ? 'wide' : 'narrow'}">
          <header><span class="brand">${SAILS}Flotilla</span></header>
          <main>${body}</main>
          <footer>Never oversells. Never lets a revoked credential in.</footer>
          ${script === undefined ? '' : html.raw`<script>${script}</script>`}
        </body>
      </html> `,
  );
}
