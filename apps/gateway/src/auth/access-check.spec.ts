import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Controller, Get, Post } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Query, Resolver } from '@nestjs/graphql';
import { Test } from '@nestjs/testing';
import { AccessCheck } from './access-check.js';
import { Public, RequirePermission } from './access.js';

@Controller()
class Declared {
  @Get('a')
  @Public()
  a(): void {}

  @Post('b')
  @RequirePermission('orders:write')
  b(): void {}

  helper(): void {}
}

@Controller()
class Forgotten {
  @Post('c')
  c(): void {}
}

@Resolver()
class ForgottenField {
  @Query(() => String)
  d(): string {
    return '';
  }
}

describe('AccessCheck', () => {
  it('lets an application start whose routes all say who may use them', async () => {
    await expect(start([Declared])).resolves.toBeUndefined();
  });

  it('keeps one from starting that forgot, and names the route', async () => {
    await expect(start([Declared, Forgotten])).rejects.toThrow('POST Forgotten.c');
  });

  it('keeps one from starting whose resolver forgot', async () => {
    await expect(start([Declared], ForgottenField)).rejects.toThrow('GraphQL ForgottenField.d');
  });
});

async function start(
  controllers: (new () => object)[],
  ...resolvers: (new () => object)[]
): Promise<void> {
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule],
    controllers,
    providers: [AccessCheck, ...resolvers],
  }).compile();
  await module.init();
  await module.close();
}
