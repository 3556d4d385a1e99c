import type { Actor } from '@flotilla/contracts/actor';
import { BaseRpcContext } from '@nestjs/microservices';

/** What Nest hands to guards, filters and parameter decorators beside the request itself. */
export class MessageContext extends BaseRpcContext<[string, Actor | null]> {
  get subject(): string {
    return this.args[0];
  }

  /** Who asks; null when anonymous. */
  get actor(): Actor | null {
    return this.args[1];
  }
}
