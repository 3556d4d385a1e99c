import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { html } from '@remix-run/html-template';
import PostalMime, { type Email } from 'postal-mime';

/** A mail in the directory. */
interface KeptMail extends Email {
  id: string;
}

const ID = /^evt_[0-9a-z]{26}$/;

/** The mails that development wrote to a directory instead of sending them, to look at in a browser. */
export class Mailbox {
  constructor(private readonly directory: string) {}

  /** All of them, newest first. */
  async index(): Promise<string> {
    const files = await readdir(this.directory).catch(() => []);
    const ids = files.filter((file) => file.endsWith('.eml')).map((file) => file.slice(0, -4));
    const mails = await Promise.all(ids.map((id) => this.read(id)));
    const sorted = mails
      .filter((mail) => mail !== null)
      .sort((a, b) => (b.date ?? '').localeCompare(a.date ?? '') || b.id.localeCompare(a.id));
    return String(
      html`<!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8" />
            <title>Mails of this fleet</title>
          </head>
          <body>
            <h1>Mails of this fleet</h1>
            <p>Nothing was sent: without SMTP_URL mails are kept here.</p>
            <ul>
              ${sorted.map(
                ({ id, to, subject }) =>
                  html`<li><a href="/mail/${id}">${subject}</a> to ${to?.[0]?.address}</li>`,
              )}
            </ul>
          </body>
        </html> `,
    );
  }

  /** One as its reader sees it; null when there is none. */
  async show(id: string): Promise<string | null> {
    return (await this.read(id))?.html ?? null;
  }

  private async read(id: string): Promise<KeptMail | null> {
    if (!ID.test(id)) return null;
    const file = await readFile(join(this.directory, `${id}.eml`)).catch(() => null);
    return file && { ...(await PostalMime.parse(file)), id };
  }
}
