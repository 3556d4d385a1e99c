import type { IdentityConfig } from '../config.js';

/**
 * Fetches what clients name: their keys, and their back channels. The library's dispatcher refuses addresses of private networks;
 * where it could not set one up, nothing goes out.
 */
export function outgoing({
  allowPrivateTargets,
}: Pick<IdentityConfig, 'allowPrivateTargets'>): typeof fetch {
  return async (input, init) => {
    if (allowPrivateTargets) return fetch(input, { ...init, dispatcher: undefined });
    if (!init?.dispatcher) throw new Error('nothing keeps this from private networks');
    return fetch(input, init);
  };
}
