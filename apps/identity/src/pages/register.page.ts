import { html } from '@remix-run/html-template';
import { field, form, type FormTarget, hidden, note, submit } from './components.js';
import type { Page } from './layout.js';

/** What somebody has typed so far, and what is wrong with it, by field. */
export interface RegisterForm extends FormTarget {
  returnTo: string;
  values: Partial<Record<'email' | 'firstName' | 'lastName', string>>;
  faults: Partial<Record<'email' | 'firstName' | 'lastName' | 'password', string>>;
  problem?: string;
}

export function registerPage(given: RegisterForm): Page {
  const { values, faults, problem, returnTo } = given;
  const faulty = Object.keys(faults).length > 0;
  const complaint = problem ?? (faulty ? 'Please look at the marked fields.' : undefined);
  const name = (part: 'firstName' | 'lastName', label: string, autocomplete: string) =>
    field({
      name: part,
      label,
      autocomplete,
      value: values[part],
      fault: faults[part],
      maxlength: 100,
    });
  return {
    title: 'Create an account',
    body: html`<h1>Create an account</h1>
      <p class="lead">One account for everything that Flotilla runs.</p>
      ${complaint && note('bad', complaint)}
      ${form(given, [
        hidden('return_to', returnTo),
        html`<div class="pair">
          ${name('firstName', 'First name', 'given-name')}
          ${name('lastName', 'Last name', 'family-name')}
        </div>`,
        field({
          name: 'email',
          label: 'E-mail',
          type: 'email',
          value: values.email,
          fault: faults.email,
          autocomplete: 'username',
          maxlength: 254,
        }),
        field({
          name: 'password',
          label: 'Password',
          type: 'password',
          fault: faults.password,
          autocomplete: 'new-password',
          maxlength: 128,
          hint: PASSWORD_HINT,
        }),
        submit('Create my account'),
      ])}
      <p class="links">
        Have an account?
        <a href="/account/sign-in?return_to=${encodeURIComponent(returnTo)}">Sign in</a>
      </p>`,
  };
}

export const PASSWORD_HINT =
  'At least 12 characters, or 8 with capital and small letters and a digit.';
