import type { FeedEvent } from '@flotilla/contracts/event-feed';
import { type Id, toId } from '@flotilla/contracts/ids';
import { TEST_EVENT_TYPE } from '@flotilla/contracts/webhooks';

/** What a test of an endpoint sends in place of an event. */
export interface TestEvent extends Omit<FeedEvent, 'type'> {
  type: typeof TEST_EVENT_TYPE;
}

/** A test of the endpoint with this uuid. */
export function testEvent(id: Id<'evt'>, endpointId: string, at: Date): TestEvent {
  return {
    id,
    type: TEST_EVENT_TYPE,
    version: 1,
    subject: toId('whe', endpointId),
    occurredAt: at.toISOString(),
    data: {},
  };
}
