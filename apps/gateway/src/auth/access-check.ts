import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { accessOf, UNGUARDED } from './access.js';

/** Refuses to start while a route says neither `@RequirePermission` nor `@Public`. */
@Injectable()
export class AccessCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const undeclared = this.discovery
      .getControllers()
      .flatMap(({ metatype }) =>
        metatype && !UNGUARDED.has(metatype)
          ? this.undeclaredRoutes(metatype.prototype as object, metatype.name)
          : [],
      );
    if (undeclared.length > 0) {
      throw new Error(`Routes that declare no access: ${undeclared.join(', ')}`);
    }
  }

  private undeclaredRoutes(prototype: object, controller: string): string[] {
    return this.scanner
      .getAllMethodNames(prototype)
      .map((name) => ({ name, handler: Reflect.get(prototype, name) as object }))
      .filter(
        ({ handler }) =>
          Reflect.hasMetadata(PATH_METADATA, handler) && accessOf(handler) === undefined,
      )
      .map(({ name, handler }) => {
        const method =
          RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
        return `${method} ${controller}.${name}`;
      });
  }
}
