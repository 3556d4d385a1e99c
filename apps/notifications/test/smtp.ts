import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** A mail server that takes everything, or nothing. */
export interface TestSmtp {
  readonly url: string;
  /** Whether it asks to try again later (451). */
  busy: boolean;
  readonly received: Email[];
  /** How often it said that it is busy. */
  refusals: number;
  close(): Promise<void>;
}

export async function startSmtp(): Promise<TestSmtp> {
  const state = { busy: false, received: [] as Email[], refusals: 0 };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      void parse(stream).then((mail) => {
        if (state.busy) {
          state.refusals += 1;
          return done(Object.assign(new Error('busy'), { responseCode: 451 }));
        }
        state.received.push(mail);
        return done();
      }, done);
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return Object.assign(state, {
    url: `smtp://127.0.0.1:${port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

async function parse(stream: Readable): Promise<Email> {
  return PostalMime.parse(await buffer(stream));
}
