import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ERRORS } from '@flotilla/contracts/errors';
import { type GatewayUnderTest, gatewayUnderTest } from '../../test/gateway-under-test.js';
import { USER_CHANGES } from '../rest/users/user-changes.js';

describe('the documentation', () => {
  let gateway: GatewayUnderTest;

  beforeAll(async () => {
    gateway = await gatewayUnderTest();
  });
  afterAll(() => gateway.close());

  it.each(['v1', 'v2'])('serves the document of %s exactly as committed', async (version) => {
    const response = await gateway.fetch(`/openapi/${version}.json`);
    const committed = new URL(`../../../../docs/api/openapi-${version}.json`, import.meta.url);
    expect(response.headers.get('content-type')).toMatch('application/json');
    const text = await response.text();
    expect(text).toBe(readFileSync(fileURLToPath(committed), 'utf8'));
    expect(JSON.parse(text)).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: `/api/${version}` }],
    });
  });

  it('serves the reference with all that it loads, and lets it load from nowhere else', async () => {
    const response = await gateway.fetch('/docs');
    expect(response.headers.get('content-security-policy')).toMatch("default-src 'none'");
    const page = await response.text();
    const loaded = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path!);
    expect(loaded.length).toBeGreaterThan(3);
    expect(loaded.every((path) => path.startsWith('/docs/'))).toBe(true);
    for (const path of [...loaded, '/docs/oauth2-redirect.html', '/docs/oauth2-redirect.js']) {
      expect((await gateway.fetch(path)).status).toBe(200);
    }
  });

  it('explains every code where the type of its problem leads', async () => {
    const problem = (await (await gateway.fetch('/api/nothing')).json()) as { type: string };
    const { pathname, hash } = new URL(problem.type);
    const page = await (await gateway.fetch(pathname)).text();
    expect(page).toContain(`id="${hash.slice(1)}"`);
    for (const code of Object.keys(ERRORS)) expect(page).toContain(`id="${code}"`);
  });

  it('tells where v1 ends what has changed since', async () => {
    const page = await (await gateway.fetch('/docs/versions')).text();
    for (const { summary } of USER_CHANGES) expect(page).toContain(summary);
  });
});
