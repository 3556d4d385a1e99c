import { html, type SafeHtml } from '@remix-run/html-template';

/** Something that went wrong, or well; announced by screen readers as soon as the page is there. */
export function note(kind: 'good' | 'bad', text: string | SafeHtml): SafeHtml {
  const role = kind === 'bad' ? 'alert' : 'status';
  return html`<div class="note ${kind}" role="${role}"><p>${text}</p></div>`;
}

/** An input with its label. */
export interface Field {
  name: string;
  label: string;
  type?: 'text' | 'email' | 'password';
  value?: string;
  /** A token of the HTML standard, so that password managers know what is asked for. */
  autocomplete: string;
  hint?: string;
  fault?: string;
  maxlength?: number;
  inputmode?: 'numeric' | 'email' | 'text';
  className?: string;
  /** Beside the label. */
  aside?: SafeHtml;
  /** Where the cursor is when the page opens; on pages with nothing to read first. */
  autofocus?: boolean;
}

export function field(input: Field): SafeHtml {
  const { name, label, type = 'text', value, autocomplete, hint, fault, aside } = input;
  const described = [hint && `${name}-hint`, fault && `${name}-fault`].filter(Boolean).join(' ');
  const attributes: Record<string, string | number | undefined> = {
    class: input.className,
    id: name,
    name,
    type,
    value: type === 'password' ? undefined : value,
    autocomplete,
    inputmode: input.inputmode,
    maxlength: input.maxlength,
    autocapitalize: 'none',
    spellcheck: 'false',
    'aria-describedby': described || undefined,
    'aria-invalid': fault ? 'true' : undefined,
  };
  const text = Object.entries(attributes)
    .filter(([, given]) => given !== undefined)
    .map(([attribute, given]) => html` ${attribute}="${given}"`);
  const labelled = html`<label for="${name}">${label}</label>`;
  return html`<div class="field">
    ${aside ? html`<div class="label-row">${labelled}${aside}</div>` : labelled}
    <input${text} required${input.autofocus ? html` autofocus` : ''} />
    ${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${fault && html`<p class="fault" id="${name}-fault">${fault}</p>`}
  </div>`;
}

/** The start of every form of ours: where it goes, and proof that it came from here. */
export interface FormTarget {
  action: string;
  csrf: string;
}

export function form(
  { action, csrf }: FormTarget,
  content: SafeHtml | (SafeHtml | string | undefined)[],
): SafeHtml {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="csrf" value="${csrf}" />
    ${content}
  </form>`;
}

export function hidden(name: string, value: string): SafeHtml {
  return html`<input type="hidden" name="${name}" value="${value}" />`;
}

export function submit(label: string, className = ''): SafeHtml {
  return html`<button type="submit" class="${className}">${label}</button>`;
}

/** A moment as people read it; machines find it in the attribute. */
export function moment(at: Date): SafeHtml {
  const text = at.toLocaleString('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return html`<time datetime="${at.toISOString()}">${text} UTC</time>`;
}
