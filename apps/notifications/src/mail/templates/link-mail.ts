/** What mails with a link are about. */
export interface LinkMail {
  /** How to address the reader, if known. */
  name?: string;
  url: string;
  /** How long the link works. */
  minutes: number;
}
