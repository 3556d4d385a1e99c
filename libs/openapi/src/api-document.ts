import type { DynamicModule, Type } from '@nestjs/common';
import { VERSION_METADATA } from '@nestjs/common/constants.js';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { exampleOf } from './examples.js';
import { HEADER_PARAMETERS, type Parameter, parametersOf } from './parameters.js';
import {
  PROBLEM_SCHEMA,
  type ProblemExample,
  Refusals,
  RESPONSE_HEADERS,
  success,
} from './responses.js';
import { type RouteSource, SourceReader } from './source-reader.js';

/** What there is to know of an API besides its controllers. */
export interface Api {
  /** The root module; never instantiated. */
  module: DynamicModule;
  /** What it finds around itself when it runs. */
  surroundings: DynamicModule[];
  /** Of the application whose module it is; an absolute path. */
  tsconfig: string;
  permissions: readonly string[];
  /** What a code looks like over HTTP. */
  problem(code: string): ProblemExample;
  /** Who may use a route; undefined for what is not part of the API. */
  access(handler: object): 'public' | readonly string[] | undefined;
  /** Media types of a body that is read as a stream. */
  streams(handler: object): readonly string[] | undefined;
}

/** Codes that any route may answer with, and those that come with a body or a credential. */
const ALWAYS = ['validation-failed', 'unsupported-api-version', 'unauthenticated', 'rate-limited'];
const FAULTS = ['internal', 'unavailable', 'deadline-exceeded'];
const WITH_BODY = [
  'malformed-json',
  'payload-too-large',
  'unsupported-media-type',
  'request-timeout',
];
const GUARDED = ['insufficient-permission', 'address-not-allowed', 'quota-exhausted'];

/** The OpenAPI 3.1 document of one version of an API, read from its code. */
export async function apiDocument(api: Api, version: string): Promise<OpenAPIObject> {
  const module = inVersion(api.module, version);
  const imports = [...api.surroundings, module];
  const app = await NestFactory.create({ module: Shell, imports }, new FastifyAdapter(), {
    preview: true,
    abortOnError: false,
    logger: false,
  });
  const skeleton = SwaggerModule.createDocument(app, INFO(version), {
    operationIdFactory: (controller, method) => `${controller}.${method}`,
  });
  const reader = new SourceReader(api.tsconfig, version, exampleOf);
  const refusals = new Refusals((code) => api.problem(code));
  const handlers = new Map(module.controllers!.map((one) => [one.name, one.prototype as object]));
  const paths: Record<string, Record<string, unknown>> = {};
  const tags: Record<string, { name: string; description?: string }> = {};
  for (const [path, methods] of Object.entries(skeleton.paths)) {
    for (const [method, operation] of Object.entries(methods) as [string, Skeleton][]) {
      const [controller, name] = operation.operationId.split('.') as [string, string];
      const handler = Reflect.get(handlers.get(controller) ?? {}, name) as object | undefined;
      const access = handler && api.access(handler);
      if (!handler || access === undefined) continue;
      const tag = tagOf(controller);
      tags[tag] ??= { name: tag, ...reader.controller(controller) };
      const route = await reader.route(operation.operationId);
      (paths[path] ??= {})[method] = {
        tags: [tag],
        operationId: `${tag.toLowerCase().replaceAll(' ', '-')}.${name}`,
        ...summaryOf(route, name, access),
        security: securityOf(access),
        parameters: parametersOf(route, method, operation.parameters ?? []),
        ...bodyOf(route, api.streams(handler)),
        responses: {
          ...answersOf(route, method, operation),
          ...refusals.of(codesOf(route, method, access)),
        },
      };
    }
  }
  return {
    ...INFO(version),
    tags: Object.values(sorted(tags)),
    paths: sorted(paths),
    components: {
      schemas: sorted({ ...reader.components, Problem: PROBLEM_SCHEMA }),
      parameters: HEADER_PARAMETERS,
      headers: RESPONSE_HEADERS,
      responses: sorted(refusals.responses),
      examples: sorted(refusals.examples),
      securitySchemes: securitySchemes(api.permissions),
    },
  } as OpenAPIObject;
}

class Shell {}

interface Skeleton {
  operationId: string;
  parameters?: Parameter[];
  responses: Record<string, unknown>;
}

const INFO = (version: string) => ({
  openapi: '3.1.0',
  info: {
    title: 'Flotilla',
    version: version.replace('v', ''),
    description:
      'The back end of anything that sells from finite stock. Money is in integer minor units, times are RFC 3339 in UTC, errors are problems (RFC 9457). ' +
      'Fields that are not known here are refused.',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: `/api/${version}`, description: 'This gateway' }],
});

/** The module with those controllers only that answer in this version. */
function inVersion(module: DynamicModule, version: string): DynamicModule {
  const answers = (controller: Type): boolean => {
    const own = Reflect.getMetadata(VERSION_METADATA, controller) as string | string[] | undefined;
    return own === undefined || [own].flat().includes(version);
  };
  return { ...module, controllers: module.controllers!.filter(answers) };
}

/** `Api Keys` for `ApiKeysController`, `Users` for `UsersControllerV2`. */
function tagOf(controller: string): string {
  return controller.replace(/Controller(V\d+)?$/, '').replace(/(?<=[a-z])[A-Z]/g, ' $&');
}

function summaryOf(
  { description }: RouteSource,
  method: string,
  access: 'public' | readonly string[],
): object {
  const words = method.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const who =
    access === 'public'
      ? 'Open to everybody.'
      : `Needs the permission ${access.map((permission) => `\`${permission}\``).join(' or ')}.`;
  return {
    summary: words[0]!.toUpperCase() + words.slice(1),
    description: description === undefined ? who : `${description}\n\n${who}`,
  };
}

/** A permission is as good by key as by token; one of several is enough. */
function securityOf(access: 'public' | readonly string[]): object[] {
  if (access === 'public') return [{}, { apiKey: [] }, { oauth: [] }];
  return access.flatMap((permission) => [{ apiKey: [] }, { oauth: [permission] }]).filter(isFirst);
}

function isFirst(one: object, index: number, all: object[]): boolean {
  return all.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === index;
}

function bodyOf({ body }: RouteSource, streams: readonly string[] | undefined): object {
  if (streams) {
    const schema = { type: 'string', description: 'Read as a stream, at most 32 MiB.' };
    const content = Object.fromEntries(streams.map((media) => [media, { schema }]));
    return { requestBody: { required: true, content } };
  }
  if (!body) return {};
  return { requestBody: { required: true, content: { 'application/json': { schema: body } } } };
}

function answersOf(route: RouteSource, method: string, { responses }: Skeleton): object {
  const [status] = Object.keys(responses) as [string];
  const unchanged = {
    description: 'The resource still has the tag in If-None-Match.',
    headers: { ETag: { $ref: '#/components/headers/ETag' } },
  };
  return {
    [status]: success(route, method, status),
    ...(method === 'get' && { 304: unchanged }),
  };
}

function codesOf(
  route: RouteSource,
  method: string,
  access: 'public' | readonly string[],
): string[] {
  const takesBody = route.body !== undefined || method === 'post';
  return [
    ...ALWAYS,
    ...FAULTS,
    ...(access === 'public' ? [] : GUARDED),
    ...(takesBody ? WITH_BODY : []),
    ...route.codes,
  ];
}

function securitySchemes(permissions: readonly string[]): object {
  const scopes = Object.fromEntries(permissions.map((name) => [name, `The permission ${name}`]));
  return {
    apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
    oauth: {
      type: 'oauth2',
      flows: {
        authorizationCode: {
          authorizationUrl: '/oauth/authorize',
          tokenUrl: '/oauth/token',
          scopes,
        },
        clientCredentials: { tokenUrl: '/oauth/token', scopes },
      },
    },
  };
}

function sorted<Value>(record: Record<string, Value>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
