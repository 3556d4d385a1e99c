import { ERRORS, type ErrorCode } from '@flotilla/contracts/errors';
import type { GatewayConfig } from '../config.js';
import { STATUS } from '../http/problem.js';
import { USER_CHANGES } from '../rest/users/user-changes.js';

/** The API reference: Swagger UI over the documents of both versions. */
export function referencePage(): string {
  return page(
    'Flotilla API',
    '<div id="reference"></div>',
    `<link rel="stylesheet" href="/docs/swagger-ui.css">
<script src="/docs/swagger-ui-bundle.js" defer></script>
<script src="/docs/swagger-ui-standalone-preset.js" defer></script>
<script src="/docs/start.js" defer></script>`,
  );
}

/** What `type` of every problem leads to. */
export function problemsPage(): string {
  const codes = Object.keys(ERRORS) as ErrorCode[];
  const rows = codes.map(
    (code) =>
      `<tr id="${code}"><th scope="row"><code>${code}</code></th><td>${STATUS[code]}</td><td>${ERRORS[code].title}</td></tr>`,
  );
  return page(
    'Problems',
    `<h1>Problems</h1>
<p>Errors are <code>application/problem+json</code> (RFC 9457). <code>code</code> never changes; <code>requestId</code> finds the request in our logs.</p>
<table><thead><tr><th>code</th><th>status</th><th>says</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`,
  );
}

/** What `Link; rel="deprecation"` of v1 leads to. */
export function versionsPage({ v1DeprecatedAt, v1SunsetAt }: GatewayConfig): string {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  return page(
    'Versions',
    `<h1>Versions</h1>
<p>Ask by <code>API-Version: 2</code>, or by <code>/api/v2</code>; the header wins. Who asks for nothing gets v1.</p>
<p>v1 is deprecated since ${day(v1DeprecatedAt)} and may be gone from ${day(v1SunsetAt)} on. Users are all that differs:</p>
<ul>
${USER_CHANGES.map(({ since, summary }) => `<li>${since}: ${summary}</li>`).join('\n')}
</ul>`,
  );
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<link rel="icon" href="/docs/favicon-32x32.png">
${head}</head>
<body>${body}</body>
</html>
`;
}
