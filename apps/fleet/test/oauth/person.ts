import type { Id } from '@flotilla/contracts/ids';
import { Browser, type Visited } from '@flotilla/testing/browser';
import { HttpClient } from '@flotilla/testing/http-client';

const PASSWORD = 'correct horse battery';

/** Somebody with an account and a browser, who signs in and agrees to what applications ask for. */
export class Person {
  private constructor(
    readonly id: Id<'usr'>,
    readonly email: string,
    private readonly browser: Browser,
  ) {}

  /** @param site the gateway, and the issuer */
  static async register(site: string): Promise<Person> {
    const email = `${crypto.randomUUID()}@people.example`;
    const body = { email, password: PASSWORD, firstName: 'Ada', lastName: 'Lovelace' };
    const answer = await new HttpClient(site).post<{ id: Id<'usr'> }>('/api/v2/users', body);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
    return new Person(answer.body.id, email, new Browser(site));
  }

  /** Goes through the pages that an address of the site leads to, until the browser is sent somewhere else: there. */
  async follow(address: string | URL): Promise<URL> {
    return (await this.comply(await this.browser.open(String(address)))).url;
  }

  /** Connects a device that shows an address and a code. */
  async connect(address: string, userCode: string): Promise<Visited> {
    const enter = await this.browser.open(address);
    const confirm = await this.browser.submit(enter, '/device/verify', { user_code: userCode });
    return this.comply(await this.browser.submit(confirm, '/device/verify', {}));
  }

  private async comply(page: Visited): Promise<Visited> {
    const { email } = this;
    if (page.html.includes('/sign-in"'))
      return this.comply(
        await this.browser.submit(page, '/sign-in', { email, password: PASSWORD }),
      );
    if (page.html.includes('/consent"'))
      return this.comply(await this.browser.submit(page, '/consent', { decision: 'agree' }));
    if (page.html.includes('/logout/confirm"'))
      return this.comply(await this.browser.submit(page, '/logout/confirm', { logout: 'yes' }));
    return page;
  }
}
