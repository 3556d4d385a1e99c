import { Inject, Injectable } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import type { GraphqlBody } from './graphql-body.js';
import type { GraphqlContext } from './graphql-context.js';
import { costOf, MAX_TOKENS, refuseExcess } from './operation-limits.js';

/** Characters of documents that are remembered, as parsing and checking one costs more than running it. */
const REMEMBERED = 1_000_000;

/** Runs operations: each document is parsed and checked once, and what it costs is taken before it is run. */
@Injectable()
export class Operations {
  private readonly documents = new LRUCache<string, DocumentNode>({
    maxSize: REMEMBERED,
    sizeCalculation: (_, source) => source.length + 1,
  });

  constructor(
    private readonly host: GraphQLSchemaHost,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  /**
   * The result; without `data` when the rules of GraphQL are against running the operation.
   * @throws AppError `validation-failed` when our limits are, `rate-limited`
   */
  async run(body: GraphqlBody, context: GraphqlContext): Promise<ExecutionResult> {
    const { schema } = this.host;
    const document = this.documents.get(body.query) ?? this.read(body.query);
    if (!('kind' in document)) return { errors: document };
    const operationName = body.operationName ?? undefined;
    const variableValues = body.variables ?? {};
    await context.charge(costOf(schema, document, variableValues, operationName, context.limit));
    return execute({
      schema,
      document,
      contextValue: context,
      variableValues,
      operationName,
      hideSuggestions: this.hideSuggestions,
    });
  }

  /** A document that may be run, or what is wrong with it. */
  private read(source: string): DocumentNode | readonly GraphQLError[] {
    const { schema } = this.host;
    let document: DocumentNode;
    try {
      document = parse(source, { maxTokens: MAX_TOKENS });
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
    refuseExcess(schema, document);
    const { hideSuggestions } = this;
    const errors = validate(schema, document, this.rules(), { hideSuggestions });
    if (errors.length > 0) return errors;
    this.documents.set(source, document);
    return document;
  }

  /** Names are not for guessing where they are not for asking. */
  private get hideSuggestions(): boolean {
    return !this.config.introspection;
  }

  private rules() {
    return this.config.introspection
      ? specifiedRules
      : [...specifiedRules, NoSchemaIntrospectionCustomRule];
  }
}
