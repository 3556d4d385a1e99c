/** An answer, read to its end. */
export interface HttpAnswer<Body> {
  status: number;
  headers: Headers;
  /** Parsed when it is JSON of any kind, else the text. */
  body: Body;
}

export interface HttpRequest {
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** As little as a journey needs of an HTTP client: a base address, headers for every request, JSON both ways. */
export class HttpClient {
  constructor(
    readonly baseUrl: string,
    private readonly headers: Record<string, string> = {},
  ) {}

  /** The same client with more headers, such as another key. */
  with(headers: Record<string, string>): HttpClient {
    return new HttpClient(this.baseUrl, { ...this.headers, ...headers });
  }

  /** Whatever the status; rejects only when there is no answer within 30 s. */
  async request<Body = unknown>(
    method: string,
    path: string,
    { body, headers }: HttpRequest = {},
  ): Promise<HttpAnswer<Body>> {
    const response = await fetch(new URL(path, this.baseUrl), {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...this.headers,
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '') && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Body,
    };
  }

  get<Body = unknown>(path: string, headers?: Record<string, string>): Promise<HttpAnswer<Body>> {
    return this.request('GET', path, { headers });
  }

  post<Body = unknown>(
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<HttpAnswer<Body>> {
    return this.request('POST', path, { body, headers });
  }
}
