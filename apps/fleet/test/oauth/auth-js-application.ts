/** What we use of it. Its own types would bring those of browsers into the whole program. */
interface AuthJs {
  Auth(request: Request, config: object): Promise<Response>;
  skipCSRFCheck: symbol;
}

const { Auth, skipCSRFCheck } = (await import('@auth/core' as string)) as AuthJs;

/** A web application that signs people in by Auth.js, in one browser. */
export class AuthJsApplication {
  readonly callback: string;
  #config: object = {};
  readonly #cookies = new Map<string, string>();

  constructor(private readonly origin: string) {
    this.callback = `${origin}/auth/callback/flotilla`;
  }

  /** Where it sends the browser to sign in. */
  async begin(client: { issuer: string; clientId: string; clientSecret: string }): Promise<string> {
    const provider = { id: 'flotilla', name: 'Flotilla', type: 'oidc', ...client };
    this.#config = {
      basePath: '/auth',
      secret: crypto.randomUUID(),
      trustHost: true,
      skipCSRFCheck,
      providers: [
        {
          ...provider,
          checks: ['pkce', 'state', 'nonce'],
          authorization: { params: { scope: 'openid email' } },
        },
      ],
    };
    const answer = await this.ask('/auth/signin/flotilla', { method: 'POST' });
    return answer.headers.get('location')!;
  }

  /** Takes the browser back; who it says is signed in from then on. */
  async finish(callback: URL): Promise<unknown> {
    await this.ask(callback.pathname + callback.search);
    return (await this.ask('/auth/session')).json();
  }

  private async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { cookie: [...this.#cookies].map((pair) => pair.join('=')).join('; ') };
    const answer = await Auth(
      new Request(new URL(path, this.origin), { ...init, headers }),
      this.#config,
    );
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      this.#cookies.set(name!, value!);
    }
    return answer;
  }
}
