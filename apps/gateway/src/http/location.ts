import type { FastifyReply } from 'fastify';

/** Says that the body is the representation of the resource at `path` (below `/api`), so that it gets its tag. */
export function represents(reply: FastifyReply, path: string): void {
  reply.header('content-location', reply.request.edge.prefix + path);
}

/** Says where the resource is that was just created. */
export function createdAt(reply: FastifyReply, path: string): void {
  reply.header('location', reply.request.edge.prefix + path);
}
