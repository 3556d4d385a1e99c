import type { IncomingMessage, ServerResponse } from 'node:http';

/** A cookie of the pages: of this host alone, out of reach of scripts, and not sent along from other sites' forms. */
export class PageCookie {
  private readonly name: string;

  /**
   * @param secure whether the site is behind TLS; the prefix then binds the cookie to this host (RFC 6265bis §4.1.3.2), and
   *   without TLS browsers would not take it
   */
  constructor(
    name: string,
    private readonly secure: boolean,
    private readonly maxAgeSeconds?: number,
  ) {
    this.name = secure ? `__Host-${name}` : name;
  }

  read({ headers }: IncomingMessage): string | undefined {
    for (const pair of (headers.cookie ?? '').split(/; */)) {
      const [name, value] = pair.split('=', 2);
      if (name === this.name && value) return value;
    }
    return undefined;
  }

  /** Beside the cookies that are set already. @param value of letters that need no quoting */
  write(response: ServerResponse, value: string): void {
    const lasting = this.maxAgeSeconds === undefined ? '' : `; Max-Age=${this.maxAgeSeconds}`;
    const line = `${this.name}=${value}; Path=/; HttpOnly; SameSite=Lax${lasting}${this.secure ? '; Secure' : ''}`;
    response.appendHeader('set-cookie', line);
  }
}
