/** What mails about an order are about. */
export interface OrderMail {
  /** How to address the reader. */
  name: string;
  number: string;
  /** What the mail is about: all lines of the order, or those that were shipped. */
  lines: { name: string; quantity: number; total?: string }[];
  total: string;
  trackingNumber: string | null;
}
