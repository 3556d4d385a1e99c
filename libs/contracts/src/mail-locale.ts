import { MAIL_LOCALES, type MailLocale } from './mail.js';

/**
 * The language that somebody would rather read, of those that mails are written in.
 * @param preferred one language (BCP 47), or several with weights as in `Accept-Language` (RFC 9110 §12.5.4)
 */
export function mailLocaleOf(preferred: string | undefined): MailLocale {
  const wanted = (preferred ?? '')
    .split(',')
    .map((range) => {
      const [tag = '', weight = 'q=1'] = range.trim().split(/\s*;\s*/);
      return { language: tag.split('-')[0]!.toLowerCase(), weight: Number(weight.slice(2)) || 0 };
    })
    .sort((a, b) => b.weight - a.weight);
  for (const { language, weight } of wanted) {
    const locale = MAIL_LOCALES.find((known) => known === language);
    if (locale && weight > 0) return locale;
  }
  return 'en';
}
