import { Controller, Get, Patch } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { VersionChange } from './version-change.js';
import { EdgeContext } from './edge-context.js';
import type { Version } from './version.js';
import { Versioned } from './versioned.js';

const renamed: VersionChange<{ title: string }> = {
  name: 'renamed',
  since: 'v2',
  summary: 'What was a name is a title.',
  down: ({ title }) => ({ name: title }),
};

@Controller()
@Versioned([renamed])
class Books {
  @Get()
  list() {
    return { data: [{ title: 'Emma' }], nextCursor: null };
  }

  @Patch()
  change() {
    return { title: 'Persuasion' };
  }
}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(
    { module: class {}, controllers: [Books] },
    new FastifyAdapter(),
    { logger: false },
  );
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('preHandler', (request, _reply, done) => {
    const version = request.headers['api-version'] as Version;
    request.edge = new EdgeContext('request', true, version, '/api');
    done();
  });
  await app.init();
});
afterAll(() => app.close());

test.each<[Version, string]>([
  ['v1', 'name'],
  ['v2', 'title'],
])('a client of %s gets a %s; the handler knows titles only', async (version, field) => {
  const headers = { 'api-version': version };
  const page = await app.inject({ url: '/', headers });
  expect(page.json()).toEqual({ data: [{ [field]: 'Emma' }], nextCursor: null });
  const changed = await app.inject({ method: 'PATCH', url: '/', headers });
  expect(changed.json()).toEqual({ [field]: 'Persuasion' });
});
