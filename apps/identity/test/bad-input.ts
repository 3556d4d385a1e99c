import { Slots } from '@flotilla/messaging/slots';
import { expect } from '@jest/globals';
import type { OAuthAnswer } from './oauth-client.js';

/** Parameters as they are sent: a list is one that is sent more than once. */
export type Form = Record<string, string | string[]>;

/** Values that no parameter has; an address is one that no client has registered. */
export const STRANGE = [
  'x'.repeat(50_000),
  '',
  '"\\<>\u{1F600}\u202E',
  '../../etc/passwd',
  '%',
  "' OR 1=1 --",
  'https://evil.example/',
];

/** A form once for each of its parameters, with that one changed. */
export function mutants(
  form: () => Record<string, string>,
  change: (form: Form, name: string) => Form,
): { name: string; form: Form }[] {
  return Object.keys(form()).map((name) => ({ name, form: change({ ...form() }, name) }));
}

/** Each of these, a few at a time: one after the other would mostly wait for the database, all at once for its connections. */
export async function together<Case>(
  cases: readonly Case[],
  check: (one: Case) => Promise<unknown>,
): Promise<void> {
  const slots = new Slots(4);
  await Promise.all(cases.map((one) => slots.use(() => check(one))));
}

export function without(form: Form, name: string): Form {
  return Object.fromEntries(Object.entries(form).filter(([other]) => other !== name));
}

export function twice(form: Form, name: string): Form {
  return { ...form, [name]: [form[name] as string, form[name] as string] };
}

const RFC_ERRORS =
  /^(invalid_request|invalid_client|invalid_grant|invalid_token|invalid_dpop_proof|insufficient_scope|unauthorized_client|unsupported_grant_type|invalid_scope|invalid_target|unsupported_response_type|unsupported_token_type|authorization_pending|invalid_redirect_uri|invalid_client_metadata|invalid_request_uri|request_not_supported)$/;
/** RFC 6749 §5.2, RFC 6750 §3.1, RFC 9449 §5, §7.1 (401 where the proof is for a token); all others are 400. */
const STATUSES: Record<string, number[]> = {
  invalid_client: [401],
  invalid_token: [401],
  insufficient_scope: [403],
  invalid_dpop_proof: [400, 401],
};

/** An answer that is good, or the error of an RFC; never a fault, and no redirect. */
export function expectOAuth({ status, body }: OAuthAnswer, request: object): void {
  if (status < 300) return;
  const { error } = body as { error: unknown };
  expect({ request, status, error }).toEqual({
    request,
    status: (STATUSES[String(error)] ?? [400]).find((one) => one === status),
    error: expect.stringMatching(RFC_ERRORS),
  });
}

/** The error of an RFC. */
export function expectRefusal(answer: OAuthAnswer, request: object): void {
  expectOAuth(answer, request);
  expect({ request, isRefused: answer.status >= 400 }).toEqual({ request, isRefused: true });
}
