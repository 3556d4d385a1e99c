import type { Answered } from '@flotilla/contracts/idempotency';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';

/** An address below `/api`, in which `:field` stands for that of the answer. */
type Address = `/${string}`;

/** What an answer is, besides its body. */
export interface AnswerKind {
  /** Where the resource is that the request created. */
  location?: Address;
  /** Of which resource it is the representation, so that it gets its tag (RFC 9110 §8.7). */
  represents?: Address;
}

const KIND = 'flotilla:answer-kind';

/**
 * Says of a route what its answers are. What takes effect once under an `Idempotency-Key` is answered with `Answered`: clients get
 * the answer in it, and hear when it is a repetition.
 */
export const Answers = (kind: AnswerKind = {}): MethodDecorator =>
  applyDecorators(SetMetadata(KIND, kind), UseInterceptors(AnswerHeaders));

@Injectable()
export class AnswerHeaders implements NestInterceptor<object, object> {
  intercept(context: ExecutionContext, next: CallHandler<object>): Observable<object> {
    const kind = Reflect.getMetadata(KIND, context.getHandler()) as AnswerKind;
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(map((given) => describe(reply, kind, given)));
  }
}

function describe(reply: FastifyReply, kind: AnswerKind, given: object): object {
  const { answer, replayed } = isAnswered(given) ? given : { answer: given, replayed: false };
  const at = (address: Address): string =>
    reply.request.edge.prefix +
    address.replace(/:(\w+)/g, (_, field: string) =>
      String((answer as Record<string, unknown>)[field]),
    );
  if (kind.location) reply.header('location', at(kind.location));
  if (kind.represents) reply.header('content-location', at(kind.represents));
  if (replayed) reply.header('idempotency-replayed', 'true');
  return answer;
}

function isAnswered(given: object): given is Answered<object> {
  return 'answer' in given && 'replayed' in given;
}
