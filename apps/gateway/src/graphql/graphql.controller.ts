import { isAppError } from '@flotilla/contracts/errors';
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import { Public } from '../auth/access.js';
import { FleetClient } from '../clients/fleet-client.js';
import { giveBack, takeMore } from '../rate-limit/enforce.js';
import { RateLimiter } from '../rate-limit/rate-limiter.js';
import { QuotaGuard } from '../usage/quota.guard.js';
import { GraphqlBody } from './graphql-body.js';
import { GraphqlContext } from './graphql-context.js';
import { GraphqlErrors } from './graphql-errors.js';
import { Operations } from './operations.js';

const GRAPHQL_RESPONSE = 'application/graphql-response+json';

interface GraphqlAnswer {
  data?: unknown;
  errors?: GraphQLFormattedError[];
}

/**
 * `POST /graphql`, a route like any other: who asks, how often and in how long is settled before an operation is looked at. Each
 * field then says which permission it needs.
 */
@Controller('graphql')
export class GraphqlController {
  constructor(
    private readonly operations: Operations,
    private readonly fleet: FleetClient,
    private readonly limiter: RateLimiter,
    private readonly quota: QuotaGuard,
    private readonly errors: GraphqlErrors,
  ) {}

  /** 200 when the operation was run, whatever became of its fields; 400 when it was not. */
  @Post()
  @HttpCode(200)
  @Public()
  async execute(
    @Body() body: GraphqlBody,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GraphqlAnswer> {
    const charge = (cost: number) => this.charge(request, reply, cost);
    const context = new GraphqlContext(request.edge, this.fleet, charge);
    const answer = await this.answer(body, context);
    if (answer.data === undefined) reply.code(400);
    if (context.replayed) reply.header('idempotency-replayed', 'true');
    if (request.headers.accept?.includes(GRAPHQL_RESPONSE)) reply.type(GRAPHQL_RESPONSE);
    return answer;
  }

  /** In whole or not at all; the guards took one unit already. */
  private async charge(request: FastifyRequest, reply: FastifyReply, cost: number): Promise<void> {
    await takeMore(this.limiter, request, reply, cost - 1);
    try {
      await this.quota.spendMore(request, cost - 1);
    } catch (error) {
      giveBack(this.limiter, request, reply);
      throw error;
    }
  }

  private async answer(body: GraphqlBody, context: GraphqlContext): Promise<GraphqlAnswer> {
    const { requestId } = context.edge;
    try {
      const { data, errors } = await this.operations.run(body, context);
      const said = errors?.map((error) =>
        data === undefined
          ? this.errors.ofOperation(error, requestId)
          : this.errors.ofField(error, requestId),
      );
      return { data, ...(said && { errors: said }) };
    } catch (error) {
      if (!isAppError(error, 'validation-failed')) throw error;
      return { errors: [this.errors.formatted(error, requestId)] };
    }
  }
}
