import { Injectable, type OnModuleInit, RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { accessOf, UNGUARDED } from './access.js';

/** What marks a method that answers clients: of a controller, and of a resolver (`graphql.constants` of `@nestjs/graphql`). */
const ANSWERING = [PATH_METADATA, 'graphql:resolver_type', 'graphql:resolve_property'];

/** Refuses to start while a route, or a field that is resolved, says neither `@RequirePermission` nor `@Public`. */
@Injectable()
export class AccessCheck implements OnModuleInit {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onModuleInit(): void {
    const undeclared = [...this.discovery.getControllers(), ...this.discovery.getProviders()]
      .map(({ metatype }) => metatype)
      .filter((given) => given?.prototype && !UNGUARDED.has(given))
      .flatMap((given) => this.undeclared(given!.prototype as object, given!.name));
    if (undeclared.length > 0) {
      throw new Error(`Routes that declare no access: ${undeclared.join(', ')}`);
    }
  }

  private undeclared(prototype: object, name: string): string[] {
    return this.scanner
      .getAllMethodNames(prototype)
      .map((method) => ({ method, handler: Reflect.get(prototype, method) as object }))
      .filter(({ handler }) => ANSWERING.some((key) => Reflect.hasMetadata(key, handler)))
      .filter(({ handler }) => accessOf(handler) === undefined)
      .map(({ method, handler }) => {
        const verb = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
        return `${verb === undefined ? 'GraphQL' : RequestMethod[verb]} ${name}.${method}`;
      });
  }
}
