import type { Answered } from '@flotilla/contracts/idempotency';
import type { FastifyReply } from 'fastify';

/** Says that the body is the representation of the resource at `path` (below `/api`), so that it gets its tag. */
export function represents(reply: FastifyReply, path: string): void {
  reply.header('content-location', reply.request.edge.prefix + path);
}

/** Says where the resource is that was just created. */
export function createdAt(reply: FastifyReply, path: string): void {
  reply.header('location', reply.request.edge.prefix + path);
}

/** What a request that takes effect once was answered, and whether this is a repetition. */
export function answered<Answer>(
  reply: FastifyReply,
  { answer, replayed }: Answered<Answer>,
): Answer {
  if (replayed) reply.header('idempotency-replayed', 'true');
  return answer;
}
