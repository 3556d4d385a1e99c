import type { Actor, Permission } from '@flotilla/contracts/actor';
import { AppError } from '@flotilla/contracts/errors';
import { HealthModule } from '@flotilla/runtime/health';
import { SetMetadata } from '@nestjs/common';
import { unauthenticated } from './credentials.js';

const ACCESS = 'flotilla:access';

/** Who may use a route, or a field of GraphQL: everybody, or holders of one of these permissions. */
export type Access = 'public' | readonly [Permission, ...Permission[]];

/** Controllers for whoever watches over the process: they know no credentials. */
export const UNGUARDED: ReadonlySet<unknown> = new Set(
  HealthModule.forRoot({ metrics: false }).controllers,
);

/** Opens a route to everybody. A credential that is sent all the same has to be good, and says which mode is meant. */
export const Public = (): MethodDecorator => SetMetadata(ACCESS, 'public' satisfies Access);

/** Demands one of these permissions; the first is the one that a refusal names. */
export const RequirePermission = (...permissions: [Permission, ...Permission[]]): MethodDecorator =>
  SetMetadata(ACCESS, permissions satisfies Access);

/** What was declared beside a route; undefined when nothing was. */
export function accessOf(handler: object): Access | undefined {
  return Reflect.getMetadata(ACCESS, handler) as Access | undefined;
}

/** Lets through who may. @throws AppError `unauthenticated`, `insufficient-permission` */
export function admit(access: Access, actor: Actor | undefined): void {
  if (access === 'public') return;
  if (!actor) throw unauthenticated();
  if (access.some((permission) => actor.permissions.includes(permission))) return;
  throw new AppError('insufficient-permission', `This needs the permission ${access[0]}.`, {
    details: { permission: access[0] },
  });
}
