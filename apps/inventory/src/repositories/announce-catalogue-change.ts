import type { InventoryEvents } from '@flotilla/contracts/inventory';
import { newUuid } from '@flotilla/contracts/ids';
import { EventStreams } from '@flotilla/event-store/event-streams';
import type { Transaction } from '@flotilla/runtime/database';

/** What a transaction announces (`Database.onCommit`) that changed products. */
export const CATALOGUE_CHANGED = 'catalogue-changed';

/** Tells this process and others that products are not as they were, whichever: in a stream of its own, so that nobody waits. */
export async function announceCatalogueChange(tx: Transaction): Promise<void> {
  tx.announce(CATALOGUE_CHANGED);
  const type: keyof InventoryEvents = 'catalogue.changed';
  const stream = { id: newUuid(), subject: 'catalogue' };
  await new EventStreams(tx).append(stream, 0, [{ type, data: {} }]);
}
