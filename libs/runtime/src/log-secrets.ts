const SECRETS = new Set([
  'authorization',
  'x-api-key',
  'apiKey',
  'password',
  'passwordHash',
  'key',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'cookie',
  'set-cookie',
  'databaseUrl',
  'natsUrl',
]);
/** Headers and bodies are logged no deeper. */
const LEVELS = 2;
const CENSOR = '[redacted]';

/**
 * What may be logged of some fields: secrets go by their names, at the top and two levels below. A line without any, as nearly all
 * are, costs a look at each of its names and is not copied, which pino's own redaction by paths would do for every level.
 */
export function withoutSecrets(
  fields: Record<string, unknown>,
  levels = LEVELS,
): Record<string, unknown> {
  let clean: Record<string, unknown> | undefined;
  for (const name in fields) {
    const value = fields[name];
    const kept = keptOf(name, value, levels);
    if (kept !== value) (clean ??= { ...fields })[name] = kept;
  }
  return clean ?? fields;
}

function keptOf(name: string, value: unknown, levels: number): unknown {
  if (value === undefined || value === null) return value;
  if (SECRETS.has(name)) return CENSOR;
  // Errors are logged by an allow-list of their own.
  if (levels === 0 || typeof value !== 'object' || value instanceof Error) return value;
  return withoutSecrets(value as Record<string, unknown>, levels - 1);
}
