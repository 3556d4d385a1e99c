import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sample } from '@flotilla/testing/sample';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Where distributions put it; `.ci/run` installs the first. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine, or undefined. */
export const chromiumPath = [process.env.CHROMIUM ?? '', ...PLACES].find(existsSync);

const SCREENSHOTS = fileURLToPath(new URL('../../../../.flotilla/screenshots/', import.meta.url));
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const ALL_RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
interface Look {
  name: string;
  colorScheme: 'light' | 'dark';
  width: number;
  rules: string[];
}
/** Every rule once; after that the ones that colours and widths can make a difference to. */
const LIGHT: Look = { name: 'light', colorScheme: 'light', width: 1100, rules: ALL_RULES };
const OTHERS: Look[] = [
  { name: 'dark', colorScheme: 'dark', width: 1100, rules: ['color-contrast'] },
  { name: 'phone', colorScheme: 'light', width: 360, rules: ['target-size'] },
];
const LOOKS = [LIGHT, ...sample('other looks of pages', OTHERS, 1, ({ name }) => name)];

/** A real browser, and what it complains about. */
export interface RealBrowser {
  /** A person at a browser of their own: no cookies yet. */
  person(options?: { javaScriptEnabled?: boolean }): Promise<BrowserContext>;
  /** What consoles said that no page of ours should make them say, such as a policy that was broken. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export async function startChromium(baseURL: string): Promise<RealBrowser> {
  // In a container there is no sandbox to be had for root; everything it opens is ours.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser: Browser = await chromium.launch({ executablePath: chromiumPath, args });
  const complaints: string[] = [];
  return {
    complaints,
    person: async (options) => {
      const context = await browser.newContext({ baseURL, locale: 'en-GB', ...options });
      // Of what never comes. Beside another test on a busy machine the reference alone has taken fifteen seconds to load.
      context.setDefaultTimeout(60_000);
      context.on('console', (message) => {
        const isStatus = message.text().startsWith('Failed to load resource');
        if (message.type() === 'error' && !isStatus) complaints.push(message.text());
      });
      return context;
    },
    close: () => browser.close(),
  };
}

/** Gives a page an authenticator that keeps passkeys, and whose owner is always there. */
export async function haveAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

/** For people to look at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** What the rules of accessibility (WCAG 2.2 AA) find on a page, light and dark or narrow (both with `npm run complete`), after keeping a picture of each. */
export async function faultsOf(page: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  await page.evaluate(readFileSync(AXE, 'utf8'));
  for (const look of LOOKS) {
    await page.emulateMedia({ colorScheme: look.colorScheme });
    await page.setViewportSize({ width: look.width, height: 800 });
    await keepPicture(page, `${name}-${look.name}`);
    const found = await page.evaluate(
      (rules) =>
        (globalThis as unknown as { axe: Axe }).axe
          .run({ runOnly: rules })
          .then(({ violations }) =>
            violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
          ),
      look.rules,
    );
    const overflows = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
    faults.push(...found.map((fault) => `${name} (${look.name}): ${fault}`));
    if (overflows) faults.push(`${name} (${look.name}): wider than the screen`);
  }
  return faults;
}

interface Axe {
  run(options: {
    runOnly: string[];
  }): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
}
