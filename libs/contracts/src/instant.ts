import { ValidateBy } from 'class-validator';

/** RFC 3339 §5.6 but for leap seconds, which no Date has room for. */
const DATE_TIME =
  /^(\d{4}-\d{2}-(\d{2}))T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i;

/** The instant that an RFC 3339 date-time names, to the millisecond; undefined for any other text and for days that there are not. */
export function parseInstant(text: string): Date | undefined {
  const [, date, day] = DATE_TIME.exec(text) ?? [];
  // A Date takes February 30 for March 2.
  if (new Date(`${date}T00:00:00Z`).getUTCDate() !== Number(day)) return undefined;
  const instant = new Date(text);
  // An offset may lead out of the years that can be written again.
  return instant.getUTCFullYear() <= 9999 ? instant : undefined;
}

/** An RFC 3339 date-time. */
export function IsInstant(): PropertyDecorator {
  return ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value) => typeof value === 'string' && parseInstant(value) !== undefined,
      defaultMessage: () => '$property must be an RFC 3339 date-time',
    },
  });
}
