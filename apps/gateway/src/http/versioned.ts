import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { downTo, type VersionChange } from './version-change.js';

const CHANGES = 'flotilla:version-changes';

/**
 * Says of a controller how its resource differs between versions, oldest change first: its handlers return resources, and
 * pages of them, of the newest version; each client gets those of its own.
 */
export const Versioned = (changes: readonly VersionChange[]): ClassDecorator =>
  applyDecorators(SetMetadata(CHANGES, changes), UseInterceptors(InVersion));

/** What makes of a resource in the newest version the one that a request is answered with. */
export function shownTo(context: ExecutionContext): (newest: object) => object {
  const { version } = context.switchToHttp().getRequest<FastifyRequest>().edge;
  const changes = Reflect.getMetadata(CHANGES, context.getClass()) as
    readonly VersionChange[] | undefined;
  return (newest) => downTo(version, changes ?? [], newest);
}

@Injectable()
class InVersion implements NestInterceptor<object | undefined, object | undefined> {
  intercept(
    context: ExecutionContext,
    next: CallHandler<object | undefined>,
  ): Observable<object | undefined> {
    const shown = shownTo(context);
    return next.handle().pipe(
      map((answer) => {
        if (answer === undefined) return undefined;
        return isPage(answer) ? { ...answer, data: answer.data.map(shown) } : shown(answer);
      }),
    );
  }
}

function isPage(answer: object): answer is { data: object[]; nextCursor: unknown } {
  return 'data' in answer && 'nextCursor' in answer;
}
