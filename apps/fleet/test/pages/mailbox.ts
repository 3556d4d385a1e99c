import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@flotilla/testing/eventually';
import PostalMime from 'postal-mime';

/** The link in the newest mail to an address whose subject is this, as soon as it is there. */
export function linkMailedTo(directory: string, email: string, subject: string): Promise<string> {
  return eventually(
    async () => {
      const mails = await Promise.all(
        (await readdir(directory))
          .filter((file) => file.endsWith('.eml'))
          .map(async (file) => PostalMime.parse(await readFile(join(directory, file)))),
      );
      const [mail] = mails
        .filter((one) => one.subject === subject && one.to?.[0]?.address === email)
        .sort((a, b) => (b.date ?? '').localeCompare(a.date ?? ''));
      const link = mail?.text?.match(/https?:\S+/)?.[0];
      return link ?? false;
    },
    { timeoutMs: 60_000, everyMs: 100 },
  );
}
