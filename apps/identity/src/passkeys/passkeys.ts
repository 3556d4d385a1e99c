import { toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Database, type Sql } from '@flotilla/runtime/database';
import { Inject, Injectable } from '@nestjs/common';
import {
  type AuthenticationResponseJSON,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server';
import { IDENTITY_CONFIG, type IdentityConfig } from '../config.js';
import type { AccountState } from '../oauth/account-states.js';
import { CHALLENGE_MS, PasskeyChallenges } from './passkey-challenges.js';

/** As many as an account may have. */
export const MOST_PASSKEYS = 20;
/** WebAuthn Level 3 §7.1: a longer id is to be refused. */
const LONGEST_ID_BYTES = 1023;
const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];

/** A passkey, as its owner sees it. */
export interface Passkey {
  /** Base64url, as browsers say it. */
  id: string;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** What the answer of a browser that was asked for a passkey comes to. */
export interface PasskeyProof {
  /** Whose passkey it names, if it is one of ours. */
  accountId?: string;
  /** By what it is proved to be there (RFC 8176): a key that stays in one device, or a synchronized one; null when it is not. */
  key: 'hwk' | 'swk' | null;
}

interface PasskeyRow {
  credential_id: Buffer;
  account_id: string;
  public_key: Buffer;
  counter: string;
  transports: string[];
  name: string;
  created_at: Date;
  last_used_at: Date | null;
}

/**
 * Passkeys of accounts (uuids): discoverable credentials of WebAuthn Level 3, each used with its user verified. They belong
 * to the host of `PUBLIC_URL`.
 */
@Injectable()
export class Passkeys {
  private readonly rpId: string;

  constructor(
    private readonly database: Database,
    private readonly challenges: PasskeyChallenges,
    private readonly clock: Clock,
    @Inject(IDENTITY_CONFIG) private readonly config: Pick<IdentityConfig, 'issuer'>,
  ) {
    this.rpId = new URL(config.issuer).hostname;
  }

  /** Oldest first. */
  async list(accountId: string): Promise<Passkey[]> {
    return (await this.rowsOf(accountId)).map((row) => ({
      id: row.credential_id.toString('base64url'),
      name: row.name,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
    }));
  }

  /** What a browser is asked for when a passkey is to be made. */
  async creationOptions(
    { id, email }: AccountState,
    place: string,
  ): Promise<PublicKeyCredentialCreationOptionsJSON> {
    const accountId = toUuid('usr', id);
    const known = await this.rowsOf(accountId);
    return generateRegistrationOptions({
      rpName: 'Flotilla',
      rpID: this.rpId,
      userName: email,
      userDisplayName: email,
      userID: handleOf(accountId),
      challenge: this.challenges.issue(place),
      timeout: CHALLENGE_MS,
      excludeCredentials: known.map(({ credential_id, transports }) => ({
        id: credential_id.toString('base64url'),
        transports,
      })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  }

  /** What a browser is asked for when somebody is to sign in, whoever it is. */
  requestOptions(place: string): PublicKeyCredentialRequestOptionsJSON {
    return {
      challenge: Buffer.from(this.challenges.issue(place)).toString('base64url'),
      rpId: this.rpId,
      timeout: CHALLENGE_MS,
      userVerification: 'required',
    };
  }

  /** The passkey that a browser's answer (JSON) says it has made, if that is so; an answer is good once. */
  async verifyNew(place: string, text: string): Promise<WebAuthnCredential | null> {
    const response = answerIn<RegistrationResponseJSON>(text);
    if (!response) return null;
    let challenge = '';
    const result = await verifyRegistrationResponse({
      response,
      expectedChallenge: (shown) => this.challenges.isGood(place, (challenge = shown)),
      ...this.expected(),
    }).catch(refused);
    const credential = result?.registrationInfo?.credential;
    if (!credential || Buffer.from(credential.id, 'base64url').length > LONGEST_ID_BYTES)
      return null;
    return (await this.challenges.use(challenge)) ? credential : null;
  }

  /** Takes a new passkey on; false when it is somebody's already, or there is no room for it. */
  async add(
    tx: Sql,
    accountId: string,
    name: string,
    { id, publicKey, counter, transports }: WebAuthnCredential,
  ): Promise<boolean> {
    const added = await tx.rows(
      `INSERT INTO passkeys (credential_id, account_id, public_key, counter, transports, name, created_at)
       SELECT $1, $2, $3, $4, $5, $6, $7
       WHERE (SELECT count(*) FROM passkeys WHERE account_id = $2) < ${MOST_PASSKEYS}
       ON CONFLICT DO NOTHING RETURNING 1`,
      [
        Buffer.from(id, 'base64url'),
        accountId,
        Buffer.from(publicKey),
        counter,
        TRANSPORTS.filter((one) => transports?.includes(one)),
        name,
        this.clock.now(),
      ],
    );
    return added.length === 1;
  }

  /** What a browser's answer (JSON) proves; it proves nothing a second time. */
  async prove(place: string, text: string): Promise<PasskeyProof> {
    const response = answerIn<AuthenticationResponseJSON>(text);
    const passkey = response && (await this.find(response.id));
    if (!passkey) return { key: null };
    const { account_id: accountId } = passkey;
    const verified = await this.verify(place, response, passkey);
    if (!verified || !(await this.challenges.use(verified.challenge)))
      return { accountId, key: null };
    // A counter that does not grow is that of a copy (WebAuthn Level 3 §6.1.1); synchronized passkeys have none.
    const counted = await this.database.rows(
      `UPDATE passkeys SET counter = $2, last_used_at = $3
       WHERE credential_id = $1 AND (counter < $2 OR (counter = 0 AND $2 = 0)) RETURNING 1`,
      [passkey.credential_id, verified.counter, this.clock.now()],
    );
    return { accountId, key: counted.length === 1 ? verified.key : null };
  }

  /** False when the account has none of that id. */
  async remove(tx: Sql, accountId: string, id: string): Promise<boolean> {
    const removed = await tx.rows(
      'DELETE FROM passkeys WHERE account_id = $1 AND credential_id = $2 RETURNING 1',
      [accountId, Buffer.from(id, 'base64url')],
    );
    return removed.length === 1;
  }

  private async verify(place: string, response: AuthenticationResponseJSON, passkey: PasskeyRow) {
    // The account is the one that the authenticator names, too (WebAuthn Level 3 §7.2, step 6).
    const handle = Buffer.from(handleOf(passkey.account_id)).toString('base64url');
    if (response.response?.userHandle !== handle) return undefined;
    let challenge = '';
    const result = await verifyAuthenticationResponse({
      response,
      expectedChallenge: (shown) => this.challenges.isGood(place, (challenge = shown)),
      ...this.expected(),
      credential: {
        id: passkey.credential_id.toString('base64url'),
        publicKey: Uint8Array.from(passkey.public_key),
        counter: Number(passkey.counter),
      },
    }).catch(refused);
    if (!result?.verified) return undefined;
    const { newCounter: counter, credentialDeviceType } = result.authenticationInfo;
    const key: 'hwk' | 'swk' = credentialDeviceType === 'singleDevice' ? 'hwk' : 'swk';
    return { challenge, counter, key };
  }

  private expected() {
    const { issuer } = this.config;
    return { expectedOrigin: issuer, expectedRPID: this.rpId, requireUserVerification: true };
  }

  private async find(id: string): Promise<PasskeyRow | undefined> {
    const [row] = await this.database.rows<PasskeyRow>(
      'SELECT * FROM passkeys WHERE credential_id = $1',
      [Buffer.from(id, 'base64url')],
    );
    return row;
  }

  private rowsOf(accountId: string): Promise<PasskeyRow[]> {
    return this.database.rows<PasskeyRow>(
      'SELECT * FROM passkeys WHERE account_id = $1 ORDER BY created_at, credential_id',
      [accountId],
    );
  }
}

/** The library throws whatever it refuses, as it does with what is no answer at all. */
function refused(): undefined {
  return undefined;
}

/** What authenticators keep of an account: its uuid, as bytes. */
function handleOf(accountId: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(accountId.replaceAll('-', ''), 'hex'));
}

/** An answer of a browser as far as it is one; what it says besides the id is for the library to doubt. */
function answerIn<Answer extends { id: string }>(text: string): Answer | undefined {
  try {
    const answer = JSON.parse(text) as Partial<Answer> | null;
    return typeof answer?.id === 'string' ? (answer as Answer) : undefined;
  } catch {
    return undefined;
  }
}
