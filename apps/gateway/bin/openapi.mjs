/**
 * `npm run openapi`: writes docs/api/openapi-v1.json and openapi-v2.json from the code. With `--check` it writes nothing and fails when
 * they differ from it. Both lint what there is.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError, ERRORS } from '@flotilla/contracts/errors';
import { PERMISSIONS } from '@flotilla/contracts/actor';
import { apiDocument } from '@flotilla/openapi/api-document';
import { PROBLEM_DETAILS } from '@flotilla/openapi/examples';
import { createLogger } from '@flotilla/runtime/logger';
import { Metrics } from '@flotilla/runtime/metrics';
import { RuntimeModule } from '@flotilla/runtime/runtime.module';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import prettier from 'prettier';
import { accessOf } from '../dist/auth/access.js';
import { gatewayConfig } from '../dist/config.js';
import { GatewayModule } from '../dist/gateway.module.js';
import { GraphqlController } from '../dist/graphql/graphql.controller.js';
import { problemResponse } from '../dist/http/problem.js';
import { problemDocs } from '../dist/http/problem.filter.js';
import { VERSIONS } from '../dist/http/version.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const check = process.argv.includes('--check');
const REQUEST_ID = '0198c5d2-6f4e-7d1a-9c55-1f0b6f3f8a21';
const config = gatewayConfig({ NATS_URL: 'nats://localhost:4222' });

const api = {
  module: GatewayModule.forRoot(config),
  surroundings: [
    RuntimeModule.forRoot('gateway', createLogger('gateway', 'silent'), new Metrics('gateway')),
  ],
  tsconfig: join(root, 'apps/gateway/tsconfig.json'),
  permissions: PERMISSIONS,
  problem,
  // GraphQL has a schema of its own.
  access: (handler) =>
    handler === GraphqlController.prototype.execute ? undefined : accessOf(handler),
  streams: (handler) => Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler)?.streams,
};

let wrong = 0;
for (const version of VERSIONS) {
  const file = join(root, `docs/api/openapi-${version}.json`);
  const text = await prettier.format(JSON.stringify(await apiDocument(api, version)), {
    parser: 'json',
    printWidth: 100,
  });
  wrong += await lint(text, file);
  if (!check) {
    mkdirSync(join(root, 'docs/api'), { recursive: true });
    writeFileSync(file, text);
  } else if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
    console.error(`docs/api/openapi-${version}.json is not what the code says: npm run openapi`);
    wrong += 1;
  }
}
process.exit(wrong === 0 ? 0 : 1);

/** A problem as the gateway would answer it. */
function problem(code) {
  const { title } = ERRORS[code];
  const error = new AppError(code, `${title}.`, { details: PROBLEM_DETAILS[code] });
  const { status, body } = problemResponse(error, REQUEST_ID, problemDocs(config));
  return { status, title, body };
}

/** Says what Redocly's recommended rules find; returns how much. */
async function lint(source, absoluteRef) {
  const rules = await createConfig({
    extends: ['recommended'],
    rules: { 'tag-description': 'off' },
  });
  const problems = await lintFromString({ source, absoluteRef, config: rules });
  for (const { severity, ruleId, message, location } of problems) {
    console.error(`${severity} ${ruleId} ${location[0]?.pointer ?? ''}: ${message}`);
  }
  return problems.length;
}
