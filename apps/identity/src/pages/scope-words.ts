import type { Permission } from '@flotilla/contracts/actor';

/** What each scope allows, as a sentence goes on: "wants to …". */
const WORDS: Record<Permission, string> & Record<string, string> = {
  openid: 'know who you are',
  profile: 'see your name',
  email: 'see your e-mail address',
  offline_access: 'keep this access while you are away, until you withdraw it',
  'users:read': 'read your profile, preferences and addresses',
  'users:write': 'change your profile, preferences and addresses',
  'users:admin': 'read, change, disable and erase every user',
  'orders:read': 'read your orders',
  'orders:write': 'place, confirm and cancel orders for you',
  'orders:admin': 'manage every order: ship, refund and take back',
  'inventory:read': 'read stock figures and the ledger',
  'inventory:write': 'create and change products and stock',
  'api-keys:read': 'see your API keys',
  'api-keys:write': 'create, change and revoke your API keys',
  'webhooks:read': 'see your webhook endpoints',
  'webhooks:write': 'create and change your webhook endpoints',
  'events:read': 'read the feed of all events',
  'oauth-clients:admin': 'manage the applications that may ask for access',
};

/** A scope in words, or the scope itself where there are none. */
export function scopeWords(scope: string): string {
  return WORDS[scope] ?? scope;
}
