import type { Id } from '@flotilla/contracts/ids';
import { ChangeProfileBody, type Preferences as Chosen } from '@flotilla/contracts/users';
import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { UserV2 } from '../../rest/users/user-v2.js';
import { connectionType } from './connection.js';
import { DateTime } from './scalars.js';

@ObjectType()
export class Profile {
  @Field(() => String)
  firstName: string;

  @Field(() => String)
  lastName: string;

  @Field(() => String)
  displayName: string;
}

@ObjectType()
export class Preferences implements Chosen {
  @Field(() => String, { description: 'BCP 47.' })
  locale: string;

  @Field(() => String, { description: 'ISO 4217.' })
  currency: string;

  @Field(() => String, { description: 'A name of the IANA time zone database.' })
  timezone: string;

  @Field(() => Boolean)
  emailOrderUpdates: boolean;
}

/** A user as v2 of the REST API shows one. */
@ObjectType()
export class User implements UserV2 {
  @Field(() => ID)
  id: Id<'usr'>;

  @Field(() => String)
  email: string;

  @Field(() => Profile)
  profile: Profile;

  @Field(() => Preferences)
  preferences: Preferences;

  @Field(() => DateTime)
  createdAt: string;

  @Field(() => DateTime)
  updatedAt: string;
}

export const UserConnection = connectionType(User);

/** As the body of `PATCH /users/me`. */
@InputType()
export class UpdateProfileInput extends ChangeProfileBody {
  @Field(() => String, { nullable: true })
  override firstName?: string;

  @Field(() => String, { nullable: true })
  override lastName?: string;

  @Field(() => String, { nullable: true })
  override displayName?: string;
}
