import type { Page } from 'playwright-core';

/** The API reference at `/docs`, as somebody uses it who tries the API out. */
export class Reference {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.goto('/docs', { waitUntil: 'domcontentloaded' });
    await this.page.locator('.opblock').first().waitFor();
  }

  /** With a key, until `forget`. */
  async useKey(key: string): Promise<void> {
    const dialog = await this.authorizations();
    const form = dialog.locator('.auth-container', { hasText: 'X-API-Key' });
    await form.locator('input').fill(key);
    await form.getByRole('button', { name: 'Apply credentials' }).click();
    await form.getByRole('button', { name: 'Remove authorization' }).waitFor();
    await this.close();
  }

  /** By OAuth: `consent` does in the window that opens what people do there. */
  async signIn(consent: (window: Page) => Promise<void>): Promise<void> {
    const dialog = await this.authorizations();
    const form = dialog.locator('.auth-container', { hasText: 'authorizationCode' });
    const opened = this.page.context().waitForEvent('page');
    await form.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click();
    const window = await opened;
    const closed = window.waitForEvent('close');
    await consent(window);
    await closed;
    await form.getByRole('button', { name: 'Remove authorization' }).waitFor();
    await this.close();
  }

  /** Sends a request without parameters, such as GET `/orders`; the status of its answer. */
  async tryOut(method: 'get', path: string): Promise<number> {
    const block = this.page.locator(`.opblock-${method}:has([data-path="${path}"])`);
    const button = block.getByRole('button', { name: 'Execute' });
    if (!(await button.isVisible())) {
      await block.locator('.opblock-summary-control').click();
      await block.getByRole('button', { name: 'Try it out' }).click();
    }
    // An earlier answer stays until the new one is there, and would be taken for it.
    const clear = block.getByRole('button', { name: 'Clear' });
    if (await clear.isVisible()) await clear.click();
    await button.click();
    const status = block.locator('.live-responses-table tbody .response-col_status');
    return Number.parseInt(await status.first().innerText(), 10);
  }

  private async authorizations() {
    await this.page.locator('.auth-wrapper .btn.authorize').first().click();
    return this.page.locator('.dialog-ux');
  }

  private close(): Promise<void> {
    return this.page.locator('.dialog-ux .btn-done').first().click();
  }
}
