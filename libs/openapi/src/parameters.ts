import type { RouteSource } from './source-reader.js';
import type { Schema } from './schema.js';

export interface Parameter {
  $ref?: string;
  name?: string;
  in?: string;
  required?: boolean;
  description?: string;
  schema?: Schema;
}

/** Headers that requests may carry, by the name of their component. */
export const HEADER_PARAMETERS: Record<string, Parameter> = {
  ApiVersion: {
    name: 'API-Version',
    in: 'header',
    description: 'The version to answer in; wins over the one in the path.',
    schema: { type: 'string', enum: ['1', '2', 'v1', 'v2'] },
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description:
      'A name of your own for this request. Sent again with the same body it is answered with the first answer, as long as the order lives.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
  },
  OptionalIdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'A name of your own for this request. Sent again within 24 hours with the same body it is answered with the first answer.',
    schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[!-~]+$' },
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'Carries the request out only while the resource has this tag.',
    schema: { type: 'string', examples: ['"m3Q1fU0c5v8yqk7B0b2yQx2mJ0E"'] },
  },
  IfNoneMatch: {
    name: 'If-None-Match',
    in: 'header',
    description: 'Answers 304 while the resource has this tag.',
    schema: { type: 'string', examples: ['"m3Q1fU0c5v8yqk7B0b2yQx2mJ0E"'] },
  },
};

/** All that a request may carry besides its body; `inPath` as Nest tells it. */
export function parametersOf(route: RouteSource, method: string, inPath: Parameter[]): Parameter[] {
  const headers = ['IdempotencyKey', 'OptionalIdempotencyKey', 'IfMatch'].filter((name) =>
    route.decorators.has(name),
  );
  if (method === 'get') headers.push('IfNoneMatch');
  return [
    ...inPath
      .filter((parameter) => parameter.in === 'path')
      .map(({ name }) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...route.query.map((parameter) => ({ ...parameter, in: 'query' })),
    ...headers.map((name) => ({ $ref: `#/components/parameters/${name}` })),
    { $ref: '#/components/parameters/ApiVersion' },
  ];
}
