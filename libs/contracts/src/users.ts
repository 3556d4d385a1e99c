import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import type { Id } from './ids.js';
import { IsNotBlank } from './not-blank.js';
import { operation } from './operation.js';
import { Optional } from './optional.js';
import { type Listing, PageQuery } from './pages.js';

export interface Preferences {
  /** BCP 47, in its canonical form: `en-GB`. */
  locale: string;
  /** ISO 4217. */
  currency: string;
  /** A name of the IANA time zone database. */
  timezone: string;
  /** Whether what becomes of an order is told by e-mail. */
  emailOrderUpdates: boolean;
}

export interface UserView {
  id: Id<'usr'>;
  email: string;
  firstName: string;
  lastName: string;
  displayName: string;
  preferences: Preferences;
  createdAt: string;
  updatedAt: string;
  version: number;
}

/** Until a user says otherwise. */
export const DEFAULT_PREFERENCES: Readonly<Preferences> = {
  locale: 'en',
  currency: 'EUR',
  timezone: 'UTC',
  emailOrderUpdates: true,
};

/** What a user is from a registration on, until something is changed: who registers is answered this before users has heard of it. */
export function newUser(
  registered: Pick<UserView, 'id' | 'email' | 'firstName' | 'lastName' | 'createdAt'>,
): UserView {
  const { id, email, firstName, lastName, createdAt } = registered;
  return {
    id,
    email,
    firstName,
    lastName,
    displayName: `${firstName} ${lastName}`,
    preferences: { ...DEFAULT_PREFERENCES },
    createdAt,
    updatedAt: createdAt,
    version: 1,
  };
}

/** The body of `PATCH /users/me`: what is left out stays. */
export class ChangeProfileBody {
  @Optional()
  @IsString()
  @IsNotBlank()
  @MaxLength(100)
  firstName?: string;

  @Optional()
  @IsString()
  @IsNotBlank()
  @MaxLength(100)
  lastName?: string;

  /** First and last name, until it is chosen. */
  @Optional()
  @IsString()
  @IsNotBlank()
  @MaxLength(201)
  displayName?: string;
}

/** The body of `PATCH /users/me/preferences`: what is left out stays. */
export class ChangePreferencesBody {
  /** BCP 47. */
  @Optional()
  @IsString()
  @MaxLength(100)
  locale?: string;

  /** ISO 4217. */
  @Optional()
  @IsString()
  @Matches(/^[A-Z]{3}$/)
  currency?: string;

  /** A name of the IANA time zone database. */
  @Optional()
  @IsString()
  @MaxLength(100)
  timezone?: string;

  @Optional()
  @IsBoolean()
  emailOrderUpdates?: boolean;
}

export class UserIdRequest {
  @IsString()
  userId: Id<'usr'>;
}

export class FindUsersRequest {
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  userIds: Id<'usr'>[];
}

/** All users, or whoever has an address. */
export class ListUsersRequest extends PageQuery {
  @Optional()
  @IsString()
  @MaxLength(254)
  email?: string;
}

/** A user at a version, or at any. */
export class VersionedUserRequest extends UserIdRequest {
  @IsOptional()
  @IsInt()
  version?: number;
}

export class ChangeProfileRequest extends VersionedUserRequest {
  @IsObject()
  @ValidateNested()
  @Type(() => ChangeProfileBody)
  changes: ChangeProfileBody;
}

export class ChangePreferencesRequest extends VersionedUserRequest {
  @IsObject()
  @ValidateNested()
  @Type(() => ChangePreferencesBody)
  changes: ChangePreferencesBody;
}

/** Events of a user's profile, by type, between services only: identity tells clients who comes and goes. */
export interface UserEvents {
  /** Something of it is not as it was. */
  'user.changed': Record<string, never>;
}

/** What may be wrong with a change of a resource at a version. */
export const CHANGE_ERRORS = ['not-found', 'precondition-failed'] as const;

/** Oneself, or anybody for `users:admin`. */
export const GetUser = operation<UserView>()('users.get-user.v1', UserIdRequest, {
  idempotent: true,
  errors: ['not-found'],
});
/** Those among these whom the caller may see, in no particular order. */
export const FindUsers = operation<{ data: UserView[] }>()('users.find-many.v1', FindUsersRequest, {
  idempotent: true,
});
/** For `users:admin`. */
export const ListUsers = operation<Listing<UserView>>()('users.list-users.v1', ListUsersRequest, {
  idempotent: true,
  errors: ['validation-failed', 'insufficient-permission'],
});
export const ChangeProfile = operation<UserView>()(
  'users.change-profile.v1',
  ChangeProfileRequest,
  { idempotent: true, errors: CHANGE_ERRORS },
);
export const ChangePreferences = operation<UserView>()(
  'users.change-preferences.v1',
  ChangePreferencesRequest,
  { idempotent: true, errors: [...CHANGE_ERRORS, 'validation-failed'] },
);
