import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PERMISSIONS } from '@flotilla/contracts/actor';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { VERSIONS } from '../http/version.js';
import { problemsPage, referencePage, versionsPage } from './pages.js';

/** Scripts come from here only; Swagger UI sets styles in elements and draws its icons as data. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** What Swagger UI consists of, served from the package. */
const ASSETS = [
  'swagger-ui.css',
  'swagger-ui-bundle.js',
  'swagger-ui-standalone-preset.js',
  'oauth2-redirect.html',
  'oauth2-redirect.js',
  'favicon-32x32.png',
];
const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  html: 'text/html; charset=utf-8',
  json: 'application/json',
  png: 'image/png',
};

/**
 * `/docs`: the reference, which calls the API on behalf of who signs in (OAuth) or has a key; the problems and versions that
 * answers refer to; and `/openapi/vN.json`, as committed under docs/api.
 */
export function serveDocs(fastify: FastifyInstance, config: GatewayConfig): void {
  const serve = (path: string, type: string, read: () => string | Buffer): void => {
    let content: Buffer | undefined;
    fastify.get(path, (_request, reply) => {
      content ??= Buffer.from(read());
      return reply
        .headers({ 'content-security-policy': CSP, 'cache-control': 'public, max-age=300' })
        .type(TYPES[type]!)
        .send(content);
    });
  };
  serve('/docs', 'html', () => referencePage());
  serve('/docs/problems', 'html', () => problemsPage());
  serve('/docs/versions', 'html', () => versionsPage(config));
  serve('/docs/start.js', 'js', () => START);
  const uiDirectory = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist'));
  for (const asset of ASSETS) {
    serve(`/docs/${asset}`, asset.split('.').at(-1)!, () => readFileSync(join(uiDirectory, asset)));
  }
  for (const version of VERSIONS) {
    const file = new URL(`../../../../docs/api/openapi-${version}.json`, import.meta.url);
    serve(`/openapi/${version}.json`, 'json', () => readFileSync(fileURLToPath(file)));
  }
}

/** Signs in as the public client `docs`, which identity knows with this address to come back to. */
const START = `window.ui = SwaggerUIBundle({
  urls: ${JSON.stringify([...VERSIONS].reverse().map((name) => ({ name, url: `/openapi/${name}.json` })))},
  dom_id: '#reference',
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
  oauth2RedirectUrl: location.origin + '/docs/oauth2-redirect.html',
});
window.ui.initOAuth({
  clientId: 'docs',
  scopes: ${JSON.stringify(PERMISSIONS.filter((name) => !name.endsWith(':admin')).join(' '))},
  usePkceWithAuthorizationCodeGrant: true,
});
`;
