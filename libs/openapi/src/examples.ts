import type { ErrorDetails } from '@flotilla/contracts/errors';

/** Examples by the name of the field; a field of the same name and another type goes without. */
const EXAMPLES: Record<string, unknown> = {
  amount: 1999,
  available: 12,
  city: 'London',
  country: 'GB',
  createdAt: '2026-01-05T09:30:00.000Z',
  currency: 'EUR',
  cursor: 'eyJhIjoxfQ',
  delta: 24,
  description: 'First flush, 100 g',
  displayName: 'Ada',
  effectiveOn: '2/2',
  email: 'ada@example.com',
  expiresAt: '2026-12-31T23:59:59.000Z',
  firstName: 'Ada',
  holdMinutes: 15,
  initialStock: 100,
  lastName: 'Lovelace',
  limit: 20,
  line1: '12 St James’s Square',
  locale: 'en-GB',
  name: 'Darjeeling',
  nextCursor: 'eyJhIjoyMX0',
  number: 'F-1000042',
  onHand: 100,
  password: 'correct horse battery',
  postalCode: 'SW1Y 4JH',
  quantity: 2,
  reason: 'delivery 2026-117',
  reference: 'PSP-84421',
  reserved: 3,
  sku: 'TEA-DARJEELING-100',
  timezone: 'Europe/London',
  trackingNumber: '1Z999AA10123456784',
  updatedAt: '2026-01-05T09:30:00.000Z',
  url: 'https://shop.example.com/hooks/flotilla',
  version: 1,
  windowSeconds: 60,
};

/** What a field of this name may hold; undefined where only its type can tell. */
export function exampleOf(name: string): unknown {
  return Object.hasOwn(EXAMPLES, name) ? EXAMPLES[name] : undefined;
}

const QUANTITY = {
  pointer: '/items/0/quantity',
  code: 'min',
  detail: 'quantity must not be less than 1',
};
const SKU = { pointer: '/items/0/sku', code: 'unknown-sku', detail: 'There is no such product.' };

/** What the problems of some codes say besides. */
export const PROBLEM_DETAILS: ErrorDetails = {
  'validation-failed': { errors: [QUANTITY] },
  'unknown-sku': { errors: [SKU] },
  'insufficient-stock': { lines: [{ sku: 'TEA-DARJEELING-100', requested: 3, available: 2 }] },
  'insufficient-permission': { permission: 'orders:write' },
  'unsupported-api-version': { supported: ['v1', 'v2'], requested: '9' },
  'method-not-allowed': { allow: ['GET', 'OPTIONS', 'POST'] },
  unavailable: { retryAfterSeconds: 1 },
  'rate-limited': { retryAfterSeconds: 18 },
  'quota-exhausted': { retryAfterSeconds: 3600 },
};
