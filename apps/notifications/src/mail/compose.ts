import type { EmailLinkView, LinkPurpose, MailLocale } from '@flotilla/contracts/mail';
import { renderHtml, renderText } from './layout.js';
import type { Mail, MailContent, MailTemplate } from './mail.js';
import { confirmEmail } from './templates/confirm-email.js';
import type { LinkMail } from './templates/link-mail.js';
import { orderCancelled } from './templates/order-cancelled.js';
import { orderConfirmed } from './templates/order-confirmed.js';
import type { OrderMail } from './templates/order-mail.js';
import { orderShipped } from './templates/order-shipped.js';
import { resetPassword } from './templates/reset-password.js';
import { welcome } from './templates/welcome.js';

/** Mails with a link: their words, and the link that identity is asked for when they are sent. */
export const LINK_MAILS = {
  welcome: { template: welcome, link: 'confirm-email' },
  'confirm-email': { template: confirmEmail, link: 'confirm-email' },
  'reset-password': { template: resetPassword, link: 'reset-password' },
} as const satisfies Record<string, { template: MailTemplate<LinkMail>; link: LinkPurpose }>;

/** Mails about an order. */
export const ORDER_MAILS = {
  'order-confirmed': orderConfirmed,
  'order-cancelled': orderCancelled,
  'order-shipped': orderShipped,
} as const satisfies Record<string, MailTemplate<OrderMail>>;

export type LinkMailKind = keyof typeof LINK_MAILS;
export type OrderMailKind = keyof typeof ORDER_MAILS;
export type MailKind = LinkMailKind | OrderMailKind;

/** A mail with a link that somebody is to get. */
export interface WantedLinkMail {
  id: string;
  kind: LinkMailKind;
  locale: MailLocale;
  name?: string;
}

/** The mail with its link, in both forms. */
export function composeLinkMail(
  { id, kind, locale, name: given }: WantedLinkMail,
  { email, url, minutes }: EmailLinkView,
): Mail {
  const name = given && plain(given);
  return finished(id, email, locale, LINK_MAILS[kind].template[locale]({ name, url, minutes }));
}

/** A mail about an order that somebody is to get. */
export interface WantedOrderMail {
  id: string;
  kind: OrderMailKind;
  locale: MailLocale;
  email: string;
  order: OrderMail;
}

export function composeOrderMail({ id, kind, locale, email, order }: WantedOrderMail): Mail {
  const name = plain(order.name);
  return finished(id, email, locale, ORDER_MAILS[kind][locale]({ ...order, name }));
}

/**
 * A name in one line, without what mail programs make links of: who registers with somebody else's address chooses the name by
 * which that person is greeted, and is not to reach anybody in ours.
 */
function plain(name: string): string {
  return name.replace(/[:@\s]+|\.(?=\S)/g, ' ');
}

function finished(id: string, to: string, locale: MailLocale, content: MailContent): Mail {
  const { subject } = content;
  return { id, to, subject, html: renderHtml(content, locale), text: renderText(content) };
}
