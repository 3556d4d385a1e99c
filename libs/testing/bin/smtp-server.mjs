import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/**
 * A mail server on 127.0.0.1, at the port that the first argument names. It tells whoever forked it its port and then each mail,
 * and takes the mail or asks to try again later (451), as the answer says.
 */
const undecided = new Map();
let mails = 0;

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData(stream, _session, done) {
    decide(stream).then(
      (isTaken) => done(isTaken ? null : Object.assign(new Error('busy'), { responseCode: 451 })),
      done,
    );
  },
});

async function decide(stream) {
  const mail = await PostalMime.parse(await buffer(stream));
  const id = (mails += 1);
  return new Promise((resolve) => {
    undecided.set(id, resolve);
    process.send({ id, mail });
  });
}

process.on('message', ({ id, isTaken }) => {
  undecided.get(id)(isTaken);
  undecided.delete(id);
});
process.on('disconnect', () => process.exit());
// Whoever is killed in the middle of a mail is no failure of the server's.
server.on('error', () => undefined);
server.listen(Number(process.argv[2]), '127.0.0.1', () =>
  process.send({ port: server.server.address().port }),
);
