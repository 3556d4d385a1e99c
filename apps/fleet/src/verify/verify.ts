import { setTimeout as sleep } from 'node:timers/promises';
import { STATEFUL_SERVICES } from '../services.js';
import { verifyCopies } from './copies.js';
import { verifyCredentials } from './credentials.js';
import { verifyDelivery } from './delivery.js';
import { verifyErasures } from './erasures.js';
import { verifyEventStreams } from './event-streams.js';
import { verifyOrderReadModel } from './order-read-model.js';
import { type Findings, type Report, toReport } from './report.js';
import { verifyReservations } from './reservations.js';
import { CONSUMERS_FIRST, DECISIONS_FIRST, withSnapshots } from './snapshots.js';
import { verifyStock } from './stock.js';

/** After the loss of a broker all that it forgot counts as unpublished for a moment. */
const SECOND_LOOK_MS = 10_000;
const POLL_MS = 500;

/**
 * Reconciles all databases of a fleet, each as it was at one instant. What must hold at every instant is looked at once;
 * what must become true in time is given a few seconds more before it is reported.
 */
export async function verify(adminUrl: string): Promise<Report> {
  const deadline = performance.now() + SECOND_LOOK_MS;
  const always = await withSnapshots(adminUrl, DECISIONS_FIRST, async (snapshots) => {
    const findings: Findings[] = [];
    for (const service of STATEFUL_SERVICES) {
      findings.push(await verifyEventStreams(snapshots[service]));
    }
    findings.push(await verifyStock(snapshots.inventory));
    findings.push(await verifyOrderReadModel(snapshots.orders));
    findings.push(await verifyCredentials(snapshots));
    findings.push(await verifyReservations(snapshots.orders, snapshots.inventory));
    return findings;
  });
  const copies = await withSnapshots(adminUrl, CONSUMERS_FIRST, verifyCopies);
  const erasures = await withSnapshots(adminUrl, CONSUMERS_FIRST, verifyErasures);
  for (;;) {
    const delivery = await withSnapshots(adminUrl, CONSUMERS_FIRST, verifyDelivery);
    if (delivery.violations.length === 0 || performance.now() > deadline) {
      return toReport([...always, copies, erasures, delivery]);
    }
    await sleep(POLL_MS);
  }
}
