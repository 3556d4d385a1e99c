import type { DynamicModule } from '@nestjs/common';
import { AbstractGraphQLDriver, type GqlModuleOptions, GraphQLModule } from '@nestjs/graphql';

/** Makes the schema and serves nothing: `GraphqlController` does. Why there is no server of its own: ADR 10. */
class SchemaDriver extends AbstractGraphQLDriver {
  start(): Promise<void> {
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}

/** The schema, made of the resolvers that there are. */
export const graphqlModule: DynamicModule = GraphQLModule.forRoot<GqlModuleOptions>({
  driver: SchemaDriver,
  path: '',
  autoSchemaFile: true,
  // Resolvers of fields are guarded as those of queries are.
  fieldResolverEnhancers: ['guards'],
});
