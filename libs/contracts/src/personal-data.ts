/**
 * What events say about a person, by type, and what is left of it when the person is erased (docs/adr/0006): members that
 * are named here are blanked, wherever the event is kept.
 */
export const PERSONAL_DATA = {
  'user.registered': { email: null, firstName: null, lastName: null },
  'order.placed': { shippingAddress: null, metadata: {} },
  'order.cancelled': { reason: null },
  'api_key.created': { name: null },
  'api_key.changed': { name: null },
} as const satisfies Record<string, Record<string, null | Record<string, never>>>;

export type PersonalEventType = keyof typeof PERSONAL_DATA;
