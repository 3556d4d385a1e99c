import type { Actor } from '@flotilla/contracts/actor';
import { AppError, isAppError } from '@flotilla/contracts/errors';
import type { Operation } from '@flotilla/contracts/operation';
import { ERROR_HEADER } from '@flotilla/messaging/headers';
import { readRequest } from '@flotilla/messaging/request-message';
import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';

/** What a message says besides its request. */
export interface Asked {
  actor: Actor | null;
  requestId: string;
  traceparent: string;
  timeoutMs: number;
}

type Answer<Request, Response> = (request: Request, asked: Asked) => Response | Promise<Response>;

/** Answers for the services behind the gateway, over a real broker and as they do: with a response, or with a typed error. */
export class Services {
  private constructor(private readonly connection: NatsConnection) {}

  static async connect(url: string): Promise<Services> {
    const { host, username, password } = new URL(url);
    return new Services(
      await connect({
        servers: host,
        user: username,
        pass: password,
        maxReconnectAttempts: -1,
        reconnectTimeWait: 50,
      }),
    );
  }

  /** Serves an operation until the returned function is called. An `AppError` that is thrown is the answer. */
  async answer<Request extends object, Response>(
    operation: Operation<Request, Response>,
    answer: Answer<Request, Response>,
  ): Promise<() => Promise<void>> {
    const subscription = this.connection.subscribe(operation.subject, {
      callback: (_, message) => void respond(message, answer),
    });
    await this.connection.flush();
    return async () => {
      subscription.unsubscribe();
      await this.connection.flush();
    };
  }

  async publish(subject: string, message: unknown): Promise<void> {
    this.connection.publish(subject, JSON.stringify(message));
    await this.connection.flush();
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

async function respond<Request, Response>(
  message: Msg,
  answer: Answer<Request, Response>,
): Promise<void> {
  const { actor = null, requestId, traceparent = '', timeoutMs, request } = readRequest(message);
  const asked = { actor, requestId, traceparent, timeoutMs };
  try {
    message.respond(JSON.stringify(await answer(request as Request, asked)));
  } catch (thrown) {
    const error = isAppError(thrown) ? thrown : new AppError('internal', 'Something went wrong.');
    const reply = headers();
    reply.set(ERROR_HEADER, error.code);
    message.respond(JSON.stringify(error.toWire()), { headers: reply });
  }
}
