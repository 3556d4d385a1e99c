import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { MailConfig } from '../config.js';
import type { Mail } from './mail.js';

/** The way out for mails. */
export abstract class MailTransport {
  /** Resolves when the mail is somebody else's responsibility; rejects when it has to be tried again. */
  abstract send(mail: Mail): Promise<void>;
}

/** How long one mail may take in all, in milliseconds: its sender's lease has to outlast it, or another process sends it, too. */
const SEND_MS = 45_000;
const TIMEOUTS = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 20_000 };

/** Hands mails to a server by SMTP (RFC 5321), encrypted where the server offers it. */
export class SmtpTransport extends MailTransport {
  private readonly mailer;

  constructor(
    url: string,
    private readonly from: string,
  ) {
    super();
    this.mailer = createTransport({ url, ...TIMEOUTS });
  }

  async send(mail: Mail): Promise<void> {
    const signal = AbortSignal.timeout(SEND_MS);
    await this.mailer.sendMail({ ...envelope(mail, this.from), signal });
  }
}

/** Writes mails to files, for development: `<id>.eml`, which mail programs open. */
export class DirectoryTransport extends MailTransport {
  private readonly mailer = createTransport({ streamTransport: true, buffer: true });

  constructor(
    private readonly directory: string,
    private readonly from: string,
  ) {
    super();
  }

  async send(mail: Mail): Promise<void> {
    const { message } = await this.mailer.sendMail(envelope(mail, this.from));
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const path = join(this.directory, `${mail.id}.eml`);
    await writeFile(`${path}.part`, message as Buffer, { mode: 0o600 });
    await rename(`${path}.part`, path); // whole or not at all, for whoever watches the directory
  }
}

/** What the configuration asks for; null when mails have nowhere to go and wait. */
export function mailTransport({ smtpUrl, directory, from }: MailConfig): MailTransport | null {
  if (smtpUrl !== undefined) return new SmtpTransport(smtpUrl, from);
  return directory === undefined ? null : new DirectoryTransport(directory, from);
}

function envelope({ id, to, subject, html, text }: Mail, from: string) {
  const domain = /@([^\s>]+)/.exec(from)?.[1] ?? 'flotilla.invalid';
  return {
    from,
    to,
    subject,
    html,
    text,
    messageId: `<${id}@${domain}>`,
    // RFC 3834: no robot is to answer.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableUrlAccess: true,
    disableFileAccess: true,
  };
}
