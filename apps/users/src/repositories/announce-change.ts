import { toId } from '@flotilla/contracts/ids';
import type { UserEvents } from '@flotilla/contracts/users';
import { type AppendOptions, EventStreams } from '@flotilla/event-store/event-streams';
import type { Transaction } from '@flotilla/runtime/database';

/** Tells others that something of a user is not as it was. The caller holds the lock on the user's row. */
export async function announceChange(
  tx: Transaction,
  userId: string,
  options?: AppendOptions,
): Promise<void> {
  const [stream] = await tx.rows<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM events WHERE stream_id = $1',
    [userId],
  );
  const type: keyof UserEvents = 'user.changed';
  await new EventStreams(tx).append(
    { id: userId, subject: toId('usr', userId) },
    stream!.version,
    [{ type, data: {} }],
    options,
  );
}
