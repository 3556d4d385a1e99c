import { newUuid, toId } from '@flotilla/contracts/ids';
import type { MailEvents } from '@flotilla/contracts/mail';
import { EventStreams } from '@flotilla/event-store/event-streams';
import type { Transaction } from '@flotilla/runtime/database';

/** Has a mail sent to an account (uuid) after the commit; notifications asks for the link when it sends it. */
export async function requestMail(
  tx: Transaction,
  accountId: string,
  data: MailEvents['mail.requested'],
  at: Date,
): Promise<void> {
  const userId = toId('usr', accountId);
  const stream = { id: newUuid(at.getTime()), subject: userId };
  await new EventStreams(tx).append(stream, 0, [{ type: 'mail.requested', data }], {
    at,
    actor: { userId, mode: 'live' },
  });
}
