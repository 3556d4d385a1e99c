import {
  type DeadLetterView,
  listDeadLettersOperation,
  type ReplayedDeadLetters,
  replayDeadLettersOperation,
} from '@flotilla/contracts/event-stream';
import { Argument, type Command } from 'commander';
import { Operator } from '../operator.js';
import { Output } from '../output.js';
import { STATEFUL_SERVICES, type StatefulService } from '../services.js';
import { type FleetOptions, natsUrlOf, wholeNumber, withFleetOptions } from './fleet-options.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 500;

interface ListOptions extends FleetOptions {
  limit: number;
}

/** An event that one service could not apply. */
type ServiceDeadLetter = DeadLetterView & { service: StatefulService };

/** `dead-letters list` and `dead-letters replay`: the events that consumers gave up on, of one service or of all. */
export function deadLettersCommand(program: Command): void {
  const letters = program
    .command('dead-letters')
    .description('events that a service could not apply, and what waits behind them');
  withFleetOptions(letters.command('list'))
    .description('show them, oldest first')
    .addArgument(serviceArgument())
    .option(
      '--limit <n>',
      'at most so many of each service',
      wholeNumber(1, MAX_LIMIT),
      DEFAULT_LIMIT,
    )
    .action(async (service: StatefulService | undefined, options: ListOptions) => {
      const data = await withOperator(options, (operator) =>
        listLetters(operator, wanted(service), options.limit),
      );
      new Output(options.json).result({ data }, listInWords(data));
    });
  withFleetOptions(letters.command('replay'))
    .description('apply them after all, once what kept them from it is mended')
    .addArgument(serviceArgument())
    .action(async (service: StatefulService | undefined, options: FleetOptions) => {
      const result = await withOperator(options, (operator) =>
        replayLetters(operator, wanted(service)),
      );
      const { replayed, failed, remaining } = result;
      new Output(options.json).result(
        result,
        `${replayed} replayed, ${failed} failed again, ${remaining} wait for those`,
      );
      process.exitCode = failed + remaining === 0 ? 0 : 1;
    });
}

function serviceArgument(): Argument {
  return new Argument('[service]', 'whose; of all when left out').choices(STATEFUL_SERVICES);
}

function wanted(service: StatefulService | undefined): readonly StatefulService[] {
  return service === undefined ? STATEFUL_SERVICES : [service];
}

async function withOperator<T>(
  options: FleetOptions,
  work: (operator: Operator) => Promise<T>,
): Promise<T> {
  const operator = await Operator.connect(natsUrlOf(options));
  try {
    return await work(operator);
  } finally {
    await operator.close();
  }
}

async function listLetters(
  operator: Operator,
  services: readonly StatefulService[],
  limit: number,
): Promise<ServiceDeadLetter[]> {
  const letters: ServiceDeadLetter[] = [];
  for (const service of services) {
    const { data } = await operator.call(listDeadLettersOperation(service), { limit });
    letters.push(...data.map((letter) => ({ service, ...letter })));
  }
  return letters;
}

async function replayLetters(
  operator: Operator,
  services: readonly StatefulService[],
): Promise<ReplayedDeadLetters> {
  const total: ReplayedDeadLetters = { replayed: 0, failed: 0, remaining: 0 };
  for (const service of services) {
    const { replayed, failed, remaining } = await replayAll(operator, service);
    total.replayed += replayed;
    total.failed += failed;
    total.remaining += remaining;
  }
  return total;
}

/** A service answers in good time, whether it got through or not: it is asked again while that helps. */
async function replayAll(
  operator: Operator,
  service: StatefulService,
): Promise<ReplayedDeadLetters> {
  let replayed = 0;
  for (;;) {
    const answer = await operator.call(replayDeadLettersOperation(service), {});
    replayed += answer.replayed;
    if (answer.remaining === 0 || answer.replayed === 0) return { ...answer, replayed };
  }
}

function listInWords(letters: readonly ServiceDeadLetter[]): string {
  if (letters.length === 0) return 'There are no dead letters.';
  return letters.map(inWords).join('\n');
}

function inWords({
  service,
  consumer,
  event,
  reason,
  attempts,
  failedAt,
}: ServiceDeadLetter): string {
  const what = `${event.type} of ${event.subject}, version ${event.version} (${event.id})`;
  return `${failedAt}  ${service}, ${consumer}: ${what}\n    ${reason} (${attempts} attempts)`;
}
