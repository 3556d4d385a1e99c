import type { RouteSource } from './source-reader.js';
import type { Schema } from './schema.js';

/** An error as the API answers it. */
export interface ProblemExample {
  status: number;
  title: string;
  body: object;
}

export interface Response {
  $ref?: string;
  description?: string;
  headers?: Record<string, { $ref: string }>;
  content?: Record<string, { schema?: Schema; examples?: Record<string, { $ref: string }> }>;
}

/** Headers that answers carry, by their names. */
export const RESPONSE_HEADERS: Record<string, { description: string; schema: Schema }> = {
  'API-Version': {
    description: 'The version that the answer is in.',
    schema: { type: 'string', enum: ['v1', 'v2'] },
  },
  'X-Request-Id': {
    description: 'Names this request in our logs: yours, if it is 1 to 128 of `[A-Za-z0-9._-]`.',
    schema: { type: 'string' },
  },
  'RateLimit-Policy': {
    description: 'The limits that apply (draft-ietf-httpapi-ratelimit-headers).',
    schema: { type: 'string', examples: ['"key";q=600;w=60'] },
  },
  RateLimit: {
    description: 'What is left of them, and the seconds until all of it is back.',
    schema: { type: 'string', examples: ['"key";r=599;t=1'] },
  },
  'Retry-After': {
    description: 'Seconds after which to try again.',
    schema: { type: 'integer', minimum: 1 },
  },
  ETag: { description: 'The tag of this representation.', schema: { type: 'string' } },
  Location: { description: 'Where the new resource is.', schema: { type: 'string' } },
  'Idempotency-Replayed': {
    description: '`true` when this is the answer to an earlier request under the same key.',
    schema: { type: 'string', const: 'true' },
  },
};

const GENERAL = ['X-Request-Id', 'API-Version', 'RateLimit-Policy', 'RateLimit'];

/** The answer when all goes well. */
export function success(route: RouteSource, method: string, status: string): Response {
  const idempotent = ['IdempotencyKey', 'OptionalIdempotencyKey'].some((name) =>
    route.decorators.has(name),
  );
  const extra = [
    ...(method === 'get' ? ['ETag'] : []),
    ...(status === '201' ? ['Location'] : []),
    ...(idempotent ? ['Idempotency-Replayed'] : []),
  ];
  return {
    description: route.answer ? 'Done.' : 'Done; there is nothing to say.',
    headers: headers([...GENERAL, ...extra]),
    ...(route.answer && { content: { 'application/json': { schema: route.answer } } }),
  };
}

/** The refusals of all routes; those with the same codes are said once. */
export class Refusals {
  /** By their codes. */
  readonly responses: Record<string, Response> = {};
  readonly examples: Record<string, { value: object }> = {};

  constructor(private readonly problem: (code: string) => ProblemExample) {}

  /** By status, for a route that may be refused with these codes. */
  of(codes: readonly string[]): Record<string, Response> {
    const distinct = [...new Set(codes)].sort();
    const byStatus = Object.groupBy(distinct, (code) => String(this.problem(code).status));
    return Object.fromEntries(
      Object.entries(byStatus).map(([status, some]) => [status, this.refusal(status, some!)]),
    );
  }

  private refusal(status: string, codes: string[]): Response {
    const name = codes.join('.');
    this.responses[name] ??= {
      description: codes.map((code) => `\`${code}\`: ${this.problem(code).title}.`).join(' '),
      headers: headers([
        ...GENERAL.slice(0, 2),
        ...(status === '429' || status === '503' ? ['Retry-After'] : []),
      ]),
      content: {
        'application/problem+json': {
          schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, ofCodes(codes)] },
          examples: Object.fromEntries(codes.map((code) => [code, this.example(code)])),
        },
      },
    };
    return { $ref: `#/components/responses/${name}` };
  }

  private example(code: string): { $ref: string } {
    this.examples[code] ??= { value: this.problem(code).body };
    return { $ref: `#/components/examples/${code}` };
  }
}

function ofCodes(codes: string[]): Schema {
  return { properties: { code: { type: 'string', enum: codes } } };
}

function headers(names: readonly string[]): Record<string, { $ref: string }> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** RFC 9457, with the members that some codes add. */
export const PROBLEM_SCHEMA: Schema = {
  type: 'object',
  description: 'An error (RFC 9457). `code` never changes; `detail` is for people.',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      description: 'The fields that are not valid.',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'detail'],
        properties: {
          pointer: { type: 'string', format: 'json-pointer' },
          code: { type: 'string' },
          detail: { type: 'string' },
        },
      },
    },
    lines: {
      type: 'array',
      description: 'The lines of an order that the stock cannot cover.',
      items: {
        type: 'object',
        required: ['sku', 'requested', 'available'],
        properties: {
          sku: { type: 'string' },
          requested: { type: 'integer' },
          available: { type: 'integer' },
        },
      },
    },
    permission: { type: 'string', description: 'The permission that is missing.' },
    supported: { type: 'array', description: 'The versions there are.', items: { type: 'string' } },
    requested: { type: 'string', description: 'The version that was asked for.' },
  },
};
