/**
 * The second half of `npm run openapi`: writes src/api.ts from docs/api/openapi-v2.json. With `--check` it writes nothing and fails when the
 * two differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import prettier from 'prettier';

const source = new URL('../../../docs/api/openapi-v2.json', import.meta.url);
const target = fileURLToPath(new URL('../src/api.ts', import.meta.url));
const api = JSON.parse(readFileSync(source, 'utf8'));

const text = await prettier.format(
  `/** The API in version 2, as openapi-typescript reads it from docs/api/openapi-v2.json: \`npm run openapi\`. */
   ${astToString(await openapiTS(source))}
   ${Object.keys(api.components.schemas)
     .map((name) => `export type ${name} = components['schemas']['${name}'];`)
     .join('\n')}

   /** What POST takes an Idempotency-Key for. */
   export const TAKING_KEYS: ReadonlySet<string> = new Set(${JSON.stringify(pathsTakingKeys())});`,
  { ...(await prettier.resolveConfig(target)), parser: 'typescript' },
);

if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (readFileSync(target, 'utf8') !== text) {
  console.error('libs/sdk/src/api.ts is not what the OpenAPI document says: npm run openapi');
  process.exit(1);
}

function pathsTakingKeys() {
  return Object.entries(api.paths)
    .filter(([, { post }]) =>
      post?.parameters?.some(({ $ref = '' }) => $ref.endsWith('IdempotencyKey')),
    )
    .map(([path]) => path);
}
