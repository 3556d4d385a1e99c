import { AppError } from '@flotilla/contracts/errors';
import { Logger } from '@flotilla/runtime/logger';
import { OutageLog } from '@flotilla/runtime/outage-log';
import { Inject, Injectable } from '@nestjs/common';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { toAppError } from '../http/http-errors.js';
import { problemDocs } from '../http/problem.filter.js';
import { problemResponse } from '../http/problem.js';

/** Says in GraphQL what is wrong: an error's `extensions` are the problem that REST answers with. */
@Injectable()
export class GraphqlErrors {
  private readonly outages: OutageLog;

  constructor(
    private readonly logger: Logger,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {
    this.outages = new OutageLog(logger);
  }

  /** What a resolver threw. Faults and outages of ours are logged here and told to nobody. */
  ofField(error: GraphQLError, requestId: string): GraphQLFormattedError {
    const said = toAppError(error.originalError ?? error);
    if (said.code === 'internal') this.logger.error({ err: error }, 'a field failed');
    this.outages.note(said, `POST /graphql ${error.path?.join('.') ?? ''}`);
    const { locations, path } = error;
    return { ...this.formatted(said, requestId), locations, path };
  }

  /** Why an operation is not run: what the rules of GraphQL say against it. */
  ofOperation(
    { message, locations }: GraphQLFormattedError,
    requestId: string,
  ): GraphQLFormattedError {
    const errors = [{ pointer: '/query', code: 'graphql', detail: message }];
    const said = new AppError('validation-failed', message, { details: { errors } });
    return { ...this.formatted(said, requestId), locations };
  }

  /** Why an operation is not run, in our own words. */
  formatted(error: AppError, requestId: string): GraphQLFormattedError {
    const { body } = problemResponse(error, requestId, problemDocs(this.config));
    const { detail: message, ...extensions } = body;
    return { message, extensions };
  }
}
