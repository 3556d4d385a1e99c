/**
 * How well somebody has proved who they are (`acr`, OpenID Connect Core §2), in the words of RFC 8176: by a password, or by
 * a second factor as well.
 */
export const ACR_VALUES = ['pwd', 'mfa'] as const;
export type Acr = (typeof ACR_VALUES)[number];

/** What the methods that somebody has used come to. */
export function acrOf(amr: readonly string[]): Acr {
  return amr.includes('mfa') ? 'mfa' : 'pwd';
}

/** Whether a request for contexts, any of which will do, is for more than a password. Those that are unknown mean nothing. */
export function asksForSecondFactor(wanted: readonly string[]): boolean {
  return wanted.includes('mfa') && !wanted.includes('pwd');
}
