import { html, type SafeHtml } from '@remix-run/html-template';
import type { MailLocale } from '@flotilla/contracts/mail';
import type { MailContent, MailLine } from './mail.js';

const TEXT = 'margin:0 0 16px;font-size:16px;line-height:1.6;color:#1b2838';
const CELL = 'margin:0;padding:6px 0;';
const SUM = 'font-weight:700;border-top:1px solid #d5dde5';
const SMALL = 'margin:0 0 8px;font-size:13px;line-height:1.5;color:#55657a';
const FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans KR',sans-serif";
const BUTTON =
  'display:inline-block;padding:12px 24px;border-radius:8px;background:#0b5c8a;color:#ffffff;font-size:16px;font-weight:600;text-decoration:none';

/** A mail as readers of HTML see it: inline styles and one table, which is all that mail programs agree on. */
export function renderHtml(content: MailContent, locale: MailLocale): string {
  const { subject, greeting, paragraphs, lines = [], total, action, notes } = content;
  return String(
    html`<!doctype html>
      <html lang="${locale}">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width" />
          <title>${subject}</title>
        </head>
        <body style="margin:0;padding:32px 16px;background:#eef3f7;${FONT}">
          <table
            role="presentation"
            align="center"
            style="width:100%;max-width:520px;margin:0 auto;background:#ffffff;border-radius:16px"
          >
            <tr>
              <td style="padding:32px">
                <p style="margin:0 0 24px;font-size:18px;font-weight:700;color:#0b5c8a">Flotilla</p>
                <p style="${TEXT}">${greeting}</p>
                ${paragraphs.map((text) => html`<p style="${TEXT}">${text}</p>`)}
                ${
                  lines.length > 0 &&
                  html`<table style="width:100%;margin:0 0 24px;border-collapse:collapse">
                    ${lines.map((line) => row(line, TEXT))} ${total && row(total, `${TEXT};${SUM}`)}
                  </table>`
                }
                ${
                  action &&
                  html`<p style="margin:24px 0">
                    <a href="${action.url}" style="${BUTTON}">${action.label}</a>
                  </p>`
                }
                ${notes.map((text) => html`<p style="${SMALL}">${text}</p>`)}
              </td>
            </tr>
          </table>
        </body>
      </html> `,
  );
}

/** The same for readers of plain text. */
export function renderText(content: MailContent): string {
  const { greeting, paragraphs, lines = [], total, action, notes } = content;
  const table = [...lines, ...(total ? [total] : [])].map(textOf);
  const blocks = [
    greeting,
    ...paragraphs,
    ...(table.length > 0 ? [table.join('\n')] : []),
    ...(action ? [`${action.label}:\n${action.url}`] : []),
  ];
  return `${[...blocks, ...notes].join('\n\n')}\n`;
}

function row({ text, amount }: MailLine, style: string): SafeHtml {
  return html`<tr>
    <td style="${style};${CELL}">${text}</td>
    <td style="${style};${CELL};text-align:right">${amount ?? ''}</td>
  </tr>`;
}

function textOf({ text, amount }: MailLine): string {
  return amount === undefined ? text : `${text}: ${amount}`;
}
