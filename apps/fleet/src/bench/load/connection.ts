import { connect, type Socket } from 'node:net';

/** The longest that an answer may take, in milliseconds: more than a gateway gives itself. */
const ANSWER_MS = 10_000;
const END_OF_HEAD = '\r\n\r\n';

/** What a gateway said. */
export interface LoadAnswer {
  status: number;
  /** By name in lower case; undefined when it is not there. */
  header(name: string): string | undefined;
  body(): string;
}

/**
 * One kept-alive HTTP/1.1 connection with one request at a time. It knows no more of HTTP than a gateway's answers need,
 * because on a small machine whatever the load generator takes is missing from what it measures.
 */
export class LoadConnection {
  private socket?: Socket;
  private received: Buffer = Buffer.alloc(0);
  private waiting?: PromiseWithResolvers<LoadAnswer>;
  private readonly head: string;

  /** `headers` are sent with every request. */
  constructor(
    private readonly url: URL,
    headers: Record<string, string>,
  ) {
    const lines = Object.entries({ host: url.host, ...headers });
    this.head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  }

  /** @throws Error when there is no answer in time, or one that is not understood */
  async post(path: string, headers: Record<string, string>, document: object): Promise<LoadAnswer> {
    return this.send(path, headers, 'application/json', JSON.stringify(document));
  }

  /** The same with a form. */
  async postForm(
    path: string,
    headers: Record<string, string>,
    form: Record<string, string>,
  ): Promise<LoadAnswer> {
    const body = new URLSearchParams(form).toString();
    return this.send(path, headers, 'application/x-www-form-urlencoded', body);
  }

  /** @throws Error when there is no answer in time, or one that is not understood */
  get(path: string, headers: Record<string, string> = {}): Promise<LoadAnswer> {
    let head = `GET ${path} HTTP/1.1\r\n${this.head}`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    return this.ask(`${head}\r\n`);
  }

  close(): void {
    this.socket?.destroy();
  }

  private send(
    path: string,
    headers: Record<string, string>,
    type: string,
    body: string,
  ): Promise<LoadAnswer> {
    let head = `POST ${path} HTTP/1.1\r\n${this.head}content-type: ${type}\r\n`;
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
    return this.ask(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  private ask(request: string): Promise<LoadAnswer> {
    this.socket ??= this.open();
    this.waiting = Promise.withResolvers();
    this.socket.write(request);
    return this.waiting.promise;
  }

  private open(): Socket {
    const socket = connect({ host: this.url.hostname, port: Number(this.url.port), noDelay: true });
    socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error('no answer in time')));
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.lose(error));
    socket.on('close', () => this.lose(new Error('the connection was closed')));
    return socket;
  }

  private lose(error: Error): void {
    this.socket = undefined;
    this.received = Buffer.alloc(0);
    this.waiting?.reject(error);
    this.waiting = undefined;
  }

  private take(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const end = this.received.indexOf(END_OF_HEAD);
    if (end === -1) return;
    const head = this.received.toString('latin1', 0, end);
    const from = end + END_OF_HEAD.length;
    const header = (name: string) => valueOf(head, name);
    const length = Number(header('content-length') ?? (head.startsWith('304', 9) ? 0 : NaN));
    if (Number.isNaN(length)) {
      this.socket?.destroy(new Error('an answer without a length'));
      return;
    }
    if (this.received.length < from + length) return;
    const content = this.received.subarray(from, from + length);
    this.received = Buffer.alloc(0);
    const waiting = this.waiting;
    this.waiting = undefined;
    waiting?.resolve({ status: Number(head.slice(9, 12)), header, body: () => content.toString() });
  }
}

function valueOf(head: string, name: string): string | undefined {
  const lower = head.toLowerCase();
  const at = lower.indexOf(`\r\n${name}:`);
  if (at === -1) return undefined;
  const from = at + name.length + 3;
  const to = head.indexOf('\r\n', from);
  return head.slice(from, to === -1 ? undefined : to).trim();
}
