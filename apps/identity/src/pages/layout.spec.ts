import { createHash } from 'node:crypto';
import { html } from '@remix-run/html-template';
import { expect, it } from '@jest/globals';
import { renderPage } from './layout.js';
import { pageHeaders } from './page-reply.js';

const page = renderPage({ title: '<i>Ship</i>', body: html`<p>${'<script>'}</p>` });

it('the style of a page is the one that its policy allows', () => {
  const [, style] = /<style>(.*)<\/style>/s.exec(page)!;
  const hash = createHash('sha256').update(style!).digest('base64');
  expect(pageHeaders()['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
});

it('what a page shows is text, whatever is in it', () => {
  expect(page).toContain('<title>&lt;i&gt;Ship&lt;/i&gt; · Flotilla</title>');
  expect(page).toContain('<p>&lt;script&gt;</p>');
  expect(page.replaceAll(/<[^>]*>/g, '')).not.toMatch(/\b(false|undefined|null)\b/);
});
