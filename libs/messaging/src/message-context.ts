import type { Actor } from '@flotilla/contracts/actor';
import { BaseRpcContext } from '@nestjs/microservices';
import type { MsgHdrs } from '@nats-io/transport-node';

/** What Nest hands to guards, filters and parameter decorators beside the request itself. */
export class MessageContext extends BaseRpcContext<[string, MsgHdrs | undefined, Actor | null]> {
  get subject(): string {
    return this.args[0];
  }

  get headers(): MsgHdrs | undefined {
    return this.args[1];
  }

  /** Who asks; null when anonymous. */
  get actor(): Actor | null {
    return this.args[2];
  }
}
