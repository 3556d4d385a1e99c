/** Where a browser ended up: a page, or an address outside of the site that it was sent to. */
export interface Visited {
  status: number;
  /** The last address, absolute. */
  url: URL;
  /** The page; empty when the address is outside of the site. */
  html: string;
  headers: Headers;
}

/**
 * As little of a browser as a sign-in needs: cookies, redirects, forms. It talks to the site at one place, such as a gateway
 * or a service's private port, whatever the site calls itself.
 */
export class Browser {
  private readonly cookies: { name: string; value: string; path: string }[] = [];

  /**
   * @param place where the site is reached
   * @param site the origin that the site calls itself, where that is another
   */
  constructor(
    private readonly place: string,
    private readonly site = place,
  ) {}

  /** Opens an address of the site and follows redirects until there is a page, or the site is left. */
  open(address: string, form?: Record<string, string>): Promise<Visited> {
    return this.visit(new URL(address, this.site), form);
  }

  /**
   * Sends the form of a page whose action contains `action`, with its hidden fields and these. With `follow: false` it stops
   * before the address that it is sent on to.
   */
  submit(
    page: Visited,
    action: string,
    fields: Record<string, string>,
    { follow = true } = {},
  ): Promise<Visited> {
    const form = formOf(page.html, action);
    return this.visit(new URL(form.action, page.url), { ...form.hidden, ...fields }, follow);
  }

  /** The same browser, with its cookies, where the site is reached at another place. */
  movedTo(place: string): Browser {
    const moved = new Browser(place, this.site);
    moved.cookies.push(...this.cookies);
    return moved;
  }

  /** The values of all cookies that this browser keeps. */
  secrets(): string[] {
    return this.cookies.map(({ value }) => value);
  }

  cookieNames(): string[] {
    return this.cookies.map(({ name }) => name);
  }

  private async visit(url: URL, form?: Record<string, string>, follow = true): Promise<Visited> {
    for (let hops = 0; hops < 20; hops += 1) {
      const response = await fetch(new URL(url.pathname + url.search, this.place), {
        method: form ? 'POST' : 'GET',
        headers: { accept: 'text/html', cookie: this.cookiesFor(url.pathname) },
        body: form && new URLSearchParams(form),
        redirect: 'manual',
        signal: AbortSignal.timeout(30_000),
      });
      this.keep(response.headers);
      const { status, headers } = response;
      const location = headers.get('location');
      if (location === null) return { status, url, html: await response.text(), headers };
      await response.body?.cancel();
      url = new URL(location, url);
      form = undefined;
      if (!follow || url.origin !== new URL(this.site).origin)
        return { status, url, html: '', headers };
    }
    throw new Error(`too many redirects, the last one to ${url}`);
  }

  private cookiesFor(path: string): string {
    return this.cookies
      .filter((cookie) => path.startsWith(cookie.path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
  }

  private keep(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(/; */) as [string, ...string[]];
      const [name, value] = pair.split('=', 2) as [string, string];
      const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? '/';
      const known = this.cookies.findIndex((one) => one.name === name && one.path === path);
      if (known >= 0) this.cookies.splice(known, 1);
      if (value !== '' && !/expires=Thu, 01 Jan 1970/i.test(line))
        this.cookies.push({ name, value, path });
    }
  }
}

function formOf(html: string, action: string): { action: string; hidden: Record<string, string> } {
  const forms = [...html.matchAll(/<form[^>]*\baction="([^"]*)"[^>]*>(.*?)<\/form>/gs)];
  const form = forms.find(([, target]) => target!.includes(action));
  if (!form) throw new Error(`the page has no form for ${action}:\n${html}`);
  const inputs = [...form[2]!.matchAll(/<input[^>]*>/g)].map(([tag]) => tag);
  const hidden = inputs.filter((tag) => tag.includes('type="hidden"'));
  const attribute = (tag: string, name: string) =>
    unescape(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
  return {
    action: unescape(form[1]!),
    hidden: Object.fromEntries(
      hidden.map((tag) => [attribute(tag, 'name'), attribute(tag, 'value')]),
    ),
  };
}

function unescape(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
