import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import { type Answered, IdempotentRequest } from './idempotency.js';
import type { Id } from './ids.js';
import { IsNotBlank } from './not-blank.js';
import {
  CLIENT_AUTH_METHODS,
  type ClientAuthMethod,
  OAUTH_GRANT_TYPES,
  OAUTH_SCOPES,
  type OAuthGrantType,
  type OAuthScope,
} from './oauth-scopes.js';
import { operation } from './operation.js';
import { Optional } from './optional.js';
import { type Page, PageQuery } from './pages.js';

/** However a client is registered: its name is shown to whoever is asked for consent. */
export const MAX_CLIENT_NAME = 100;
const URI_LENGTH = 2_000;
const MAX_URIS = 50;
const MAX_OVERLAP_SECONDS = 604_800;

/** What there is to say of an OAuth client, apart from who it is. */
export class OAuthClientBody {
  /** What people read when they are asked for their consent. */
  @Optional()
  @IsString()
  @IsNotBlank()
  @MaxLength(MAX_CLIENT_NAME)
  clientName?: string;

  /** Where people are sent back to: compared as they are, but for the port of loopback addresses of native clients. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_URIS)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(URI_LENGTH, { each: true })
  redirectUris?: string[];

  @Optional()
  @IsArray()
  @ArrayUnique()
  @IsIn(OAUTH_GRANT_TYPES, { each: true })
  grantTypes?: OAuthGrantType[];

  /** The most that the client may ask for. */
  @Optional()
  @IsArray()
  @ArrayUnique()
  @IsIn(OAUTH_SCOPES, { each: true })
  scopes?: OAuthScope[];

  @Optional()
  @IsIn(CLIENT_AUTH_METHODS)
  tokenEndpointAuthMethod?: ClientAuthMethod;

  /** Where people may be sent after they have signed out. */
  @Optional()
  @IsArray()
  @ArrayMaxSize(MAX_URIS)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(URI_LENGTH, { each: true })
  postLogoutRedirectUris?: string[];

  /** Told of every session that ends (OpenID Connect Back-Channel Logout 1.0). */
  @Optional()
  @IsString()
  @MaxLength(URI_LENGTH)
  backchannelLogoutUri?: string;

  /** Public keys of a client that authenticates by `private_key_jwt`, as JSON Web Key Set. */
  @Optional()
  @IsObject()
  jwks?: { keys: object[] };

  /** Where they are, instead of `jwks`. */
  @Optional()
  @IsString()
  @MaxLength(URI_LENGTH)
  jwksUri?: string;

  /** Whether its access tokens are bound to a key of the client (RFC 9449 §5.2). */
  @Optional()
  @IsBoolean()
  dpopBoundAccessTokens?: boolean;
}

export class CreateOAuthClientBody extends OAuthClientBody {
  @IsString()
  @IsNotBlank()
  @MaxLength(MAX_CLIENT_NAME)
  declare clientName: string;
}

/** An OAuth client, without its secret. */
export interface OAuthClientView {
  clientId: string;
  clientName: string;
  redirectUris: string[];
  grantTypes: OAuthGrantType[];
  scopes: OAuthScope[];
  tokenEndpointAuthMethod: ClientAuthMethod;
  postLogoutRedirectUris: string[];
  backchannelLogoutUri: string | null;
  jwks: { keys: object[] } | null;
  jwksUri: string | null;
  dpopBoundAccessTokens: boolean;
  /** Whom its own tokens (client credentials) speak for; null when that account is gone. */
  ownerId: Id<'usr'> | null;
  createdAt: string;
  updatedAt: string;
}

/** A client whose secret is shown here and nowhere else; null in repetitions and for clients that have none. */
export interface OAuthClientWithSecret extends OAuthClientView {
  clientSecret: string | null;
}

export class CreateOAuthClientRequest extends IdempotentRequest {
  @ValidateNested()
  @Type(() => CreateOAuthClientBody)
  client: CreateOAuthClientBody;
}

export class OAuthClientIdRequest {
  @IsString()
  clientId: string;
}

export class ChangeOAuthClientRequest extends OAuthClientIdRequest {
  @ValidateNested()
  @Type(() => OAuthClientBody)
  changes: OAuthClientBody;
}

/** How long the secret of before stays good, in seconds. */
export class RotateSecretBody {
  @Optional()
  @IsInt()
  @Min(0)
  @Max(MAX_OVERLAP_SECONDS)
  overlapSeconds?: number;
}

export class RotateOAuthClientSecretRequest extends RotateSecretBody {
  @IsString()
  clientId: string;
}

/** Lets its holder register clients at `/oauth/register` (RFC 7591 §3) until it expires. Shown once. */
export interface InitialAccessToken {
  token: string;
  expiresAt: string;
}

export class IssueInitialAccessTokenRequest {}

export const ListOAuthClients = operation<Page<OAuthClientView>>()(
  'identity.list-oauth-clients.v1',
  PageQuery,
  { idempotent: true, errors: ['validation-failed'] },
);
export const GetOAuthClient = operation<OAuthClientView>()(
  'identity.get-oauth-client.v1',
  OAuthClientIdRequest,
  { idempotent: true, errors: ['not-found'] },
);
export const CreateOAuthClient = operation<Answered<OAuthClientWithSecret>>()(
  'identity.create-oauth-client.v1',
  CreateOAuthClientRequest,
  {
    idempotent: false,
    errors: ['validation-failed', 'idempotency-key-reuse', 'idempotency-key-in-flight'],
  },
);
export const ChangeOAuthClient = operation<OAuthClientView>()(
  'identity.change-oauth-client.v1',
  ChangeOAuthClientRequest,
  { idempotent: true, errors: ['not-found', 'insufficient-permission', 'validation-failed'] },
);
export const RemoveOAuthClient = operation<object>()(
  'identity.remove-oauth-client.v1',
  OAuthClientIdRequest,
  { idempotent: true, errors: ['not-found'] },
);
export const RotateOAuthClientSecret = operation<OAuthClientWithSecret>()(
  'identity.rotate-oauth-client-secret.v1',
  RotateOAuthClientSecretRequest,
  { idempotent: false, errors: ['not-found', 'insufficient-permission', 'validation-failed'] },
);
export const IssueInitialAccessToken = operation<InitialAccessToken>()(
  'identity.issue-initial-access-token.v1',
  IssueInitialAccessTokenRequest,
  { idempotent: false },
);
