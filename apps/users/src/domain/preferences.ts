import { allValid, invalidField } from '@flotilla/contracts/invalid-fields';
import type { ChangePreferencesBody, Preferences } from '@flotilla/contracts/users';

const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

/** What a user prefers from now on. @throws AppError `validation-failed` */
export function changePreferences(
  before: Preferences,
  changes: ChangePreferencesBody,
): Preferences {
  const { locale, currency, timezone, emailOrderUpdates } = changes;
  return allValid<Preferences>({
    locale: () => (locale === undefined ? before.locale : canonicalLocale(locale)),
    currency: () => (currency === undefined ? before.currency : knownCurrency(currency)),
    timezone: () => (timezone === undefined ? before.timezone : knownTimezone(timezone)),
    emailOrderUpdates: () => emailOrderUpdates ?? before.emailOrderUpdates,
  });
}

function canonicalLocale(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0]!;
  } catch {
    throw invalidField({
      pointer: '/locale',
      code: 'locale',
      detail: 'locale must be a language tag of BCP 47',
    });
  }
}

function knownCurrency(code: string): string {
  if (CURRENCIES.has(code)) return code;
  throw invalidField({
    pointer: '/currency',
    code: 'currency',
    detail: 'currency must be a code of ISO 4217',
  });
}

/** Offsets (`+01:00`) are zones to Intl, and have no summer. */
function knownTimezone(name: string): string {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // Intl knows names in any case, and some by what they were called before: the user's name stays, as it is written there.
    if (/^[a-z]/i.test(name))
      return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
  } catch {
    // Not a zone.
  }
  throw invalidField({
    pointer: '/timezone',
    code: 'timezone',
    detail: 'timezone must be a name of the IANA time zone database',
  });
}
