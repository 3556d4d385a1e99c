import { expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { serviceConfig } from '@flotilla/runtime/config';
import { startService } from '@flotilla/runtime/bootstrap';
import { HttpClient } from './http-client.js';
import { testService } from './service.js';

@Controller()
class Greeting {
  @Get('hello')
  hello(): string {
    return 'hello';
  }
}

@Module({ controllers: [Greeting] })
class Greetings {}

it('runs a service with the environment of its test and nothing else', async () => {
  let seen: NodeJS.ProcessEnv = {};
  const database = { url: 'postgresql://user:pass@127.0.0.1:1/none' };
  const nats = { url: 'nats://user:pass@127.0.0.1:1' };
  const service = await testService(
    (env) => {
      seen = env;
      return startService({ name: 'greetings', module: Greetings, config: serviceConfig(env) });
    },
    { database, nats, env: { POOL_MAX: '2' } },
  );
  expect(seen).toMatchObject({ DATABASE_URL: database.url, NATS_URL: nats.url, POOL_MAX: '2' });
  expect(seen).not.toHaveProperty('PATH');
  const client = new HttpClient(`http://127.0.0.1:${service.port}`);
  expect((await client.get('/hello')).body).toBe('hello');
  await service.close();
  await expect(client.get('/hello')).rejects.toThrow();
});
