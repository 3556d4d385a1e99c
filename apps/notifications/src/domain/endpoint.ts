import type { Actor, Mode, Role } from '@flotilla/contracts/actor';
import { ROLE_PERMISSIONS } from '@flotilla/contracts/actor';
import { AppError } from '@flotilla/contracts/errors';
import { toId } from '@flotilla/contracts/ids';
import type {
  ChangeWebhookEndpointBody,
  DisabledReason,
  WebhookEndpointView,
} from '@flotilla/contracts/webhooks';

/** The names of the secrets that deliveries are signed with (`EndpointSecrets`): the secrets themselves are nowhere. */
export interface SecretNames {
  readonly current: string;
  /** The one of before, while the receiver may still go by it. */
  readonly previous: string | null;
  readonly previousUntil: Date | null;
}

/** Where somebody wants events posted to. */
export interface Endpoint {
  /** uuid. */
  readonly id: string;
  readonly userId: Actor['userId'];
  readonly mode: Mode;
  readonly url: string;
  /** As they were given: types, families or `*`. */
  readonly events: readonly string[];
  readonly description: string | null;
  /** It hears of everybody's things, not only of its owner's. */
  readonly hearsAll: boolean;
  readonly disabled: DisabledReason | null;
  readonly secrets: SecretNames;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Whoever may read the feed of events may have it delivered; everybody else hears of their own things. */
export function hearsAll({ permissions }: Pick<Actor, 'permissions'>): boolean {
  return permissions.includes('events:read');
}

/** A change by somebody who may not read the feed makes it hear of no more than such a one may: it could lead anywhere. */
export function withChanges(
  endpoint: Endpoint,
  { url, events, description, enabled }: ChangeWebhookEndpointBody,
  by: Pick<Actor, 'permissions'>,
  now: Date,
): Endpoint {
  return {
    ...endpoint,
    hearsAll: endpoint.hearsAll && hearsAll(by),
    url: url ?? endpoint.url,
    events: events ?? endpoint.events,
    description: description === undefined ? endpoint.description : description,
    disabled: enabled === undefined ? endpoint.disabled : enabled ? null : 'asked',
    version: endpoint.version + 1,
    updatedAt: now,
  };
}

/** With a secret of another name; deliveries are signed with the one of before as well until the overlap is over. */
export function withSecret(
  endpoint: Endpoint,
  name: string,
  overlapSeconds: number,
  now: Date,
): Endpoint {
  const secrets =
    overlapSeconds === 0
      ? { current: name, previous: null, previousUntil: null }
      : {
          current: name,
          previous: endpoint.secrets.current,
          previousUntil: new Date(now.getTime() + overlapSeconds * 1_000),
        };
  return { ...endpoint, secrets, version: endpoint.version + 1, updatedAt: now };
}

/** The endpoint after its owner got another role: it hears no more than the owner may. */
export function withRole(endpoint: Endpoint, role: Role): Endpoint {
  const allowed = hearsAll({ permissions: ROLE_PERMISSIONS[role] });
  return { ...endpoint, hearsAll: endpoint.hearsAll && allowed };
}

/** The names of the secrets that a delivery of this moment is signed with, the newest first. */
export function signingNames(
  { current, previous, previousUntil }: SecretNames,
  now: Date,
): string[] {
  const overlaps = previous !== null && previousUntil !== null && previousUntil > now;
  return overlaps ? [current, previous] : [current];
}

/** Why one that is disabled is neither tested nor sent anything again. */
export function disabledEndpoint(): AppError<'illegal-transition'> {
  return new AppError('illegal-transition', 'A disabled endpoint is sent nothing.');
}

export function toView(endpoint: Endpoint): WebhookEndpointView {
  const { id, url, events, description, mode, disabled, version, createdAt, updatedAt } = endpoint;
  return {
    id: toId('whe', id),
    url,
    events: [...events],
    description,
    mode,
    enabled: disabled === null,
    disabledReason: disabled,
    version,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
