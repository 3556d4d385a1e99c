/** `npm run graphql`: writes docs/api/schema.graphql from the code. With `--check` it writes nothing and fails when they differ. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { RESOLVERS } from '../dist/graphql/resolvers/resolvers.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const file = 'docs/api/schema.graphql';

const builder = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, {
  logger: false,
});
const schema = await builder.get(GraphQLSchemaFactory).create(RESOLVERS);
const text = `${printSchema(lexicographicSortSchema(schema))}\n`;

if (!process.argv.includes('--check')) {
  writeFileSync(join(root, file), text);
} else if (!existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text) {
  console.error(`${file} is not what the code says: npm run graphql`);
  process.exit(1);
}
