import type { AuditType } from '@flotilla/contracts/audit';
import { type Id, toId, toUuid } from '@flotilla/contracts/ids';
import { Clock } from '@flotilla/runtime/clock';
import { Database } from '@flotilla/runtime/database';
import { Injectable } from '@nestjs/common';
import { AttemptGate } from '../abuse/attempt-gate.js';
import { AuditLog } from '../audit/audit-log.js';
import { type AccountState, AccountStates } from '../oauth/account-states.js';
import type { SignedIn } from '../oauth/interactions.js';
import { Passkeys } from '../passkeys/passkeys.js';
import { Sealing } from '../sealing.js';
import { SecondFactors } from '../second-factor/second-factors.js';
import { Authenticate } from '../use-cases/authenticate.js';
import { KnownDevices } from './known-devices.js';

/** How long somebody may look for the telephone. */
const PROOF_MS = 5 * 60_000;

/** The browser that signs in. */
export interface Visitor {
  /** Its IP address. */
  address: string;
  /** What it kept from an earlier sign-in. */
  deviceToken?: string;
  /** The client that it signs in for. */
  clientId?: string;
}

/** How far a sign-in has come. */
export type SignInStep =
  | { kind: 'done'; signedIn: SignedIn; deviceToken: string }
  /** The password was right; `proof` says so to the next step, to nobody else, and not for long. */
  | { kind: 'second-factor'; proof: string }
  | { kind: 'wrong' }
  | { kind: 'expired' };

interface Proof {
  accountId: Id<'usr'>;
  /** A password that was changed meanwhile is proved no longer. */
  credentialVersion: number;
  until: number;
}

/** Signing in: by a password, and where the account asks for it a second factor, or by a passkey; each behind the gate. */
@Injectable()
export class SignIn {
  constructor(
    private readonly gate: AttemptGate,
    private readonly authenticate: Authenticate,
    private readonly accounts: AccountStates,
    private readonly factors: SecondFactors,
    private readonly passkeys: Passkeys,
    private readonly devices: KnownDevices,
    private readonly audit: AuditLog,
    private readonly sealing: Sealing,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * @param place what this sign-in is for: a proof is good there only
   * @throws AppError `rate-limited`, `unavailable`
   */
  async withPassword(
    place: string,
    given: { email: string; password: string },
    visitor: Visitor,
  ): Promise<SignInStep> {
    const email = given.email.trim().toLowerCase();
    const charge = await this.gate.admit(await this.attempt(email, visitor));
    const account = await this.authenticate.execute(email, given.password);
    const target = account?.id ?? (await this.ownerOf(email));
    await this.record('sign-in.password', target, visitor, account !== undefined);
    if (!account) return { kind: 'wrong' };
    await this.gate.refund(charge);
    const { enrolled } = await this.factors.status(toUuid('usr', account.id));
    if (!enrolled) return this.complete(account, ['pwd'], visitor);
    const { id: accountId, credentialVersion } = account;
    const until = this.clock.now().getTime() + PROOF_MS;
    return {
      kind: 'second-factor',
      proof: this.seal(place, { accountId, credentialVersion, until }),
    };
  }

  /** @throws AppError `rate-limited` */
  async withSecondFactor(
    place: string,
    { proof, code }: { proof: string; code: string },
    visitor: Visitor,
  ): Promise<SignInStep> {
    const proved = this.open(place, proof);
    const account = proved && (await this.accounts.find(proved.accountId));
    if (account?.credentialVersion !== proved?.credentialVersion) return { kind: 'expired' };
    if (!account) return { kind: 'expired' };
    const charge = await this.gate.admit(await this.attempt(account.email, visitor));
    const by = await this.factors.prove(toUuid('usr', account.id), code);
    const type = by === 'recovery-code' ? 'sign-in.recovery-code' : 'sign-in.second-factor';
    await this.record(type, account.id, visitor, by !== null);
    if (by === null) return { kind: 'wrong' };
    await this.gate.refund(charge);
    // RFC 8176: a recovery code is a second factor, and no one-time password of a device.
    return this.complete(account, by === 'totp' ? ['pwd', 'otp', 'mfa'] : ['pwd', 'mfa'], visitor);
  }

  /**
   * By a passkey, which is two factors: a key that somebody has, and what they unlock it with.
   * @param place what the browser was asked for a passkey for
   * @throws AppError `rate-limited`
   */
  async withPasskey(place: string, response: string, visitor: Visitor): Promise<SignInStep> {
    // No account is guessed at: signatures are not guessed, and strangers keep nobody out.
    const charge = await this.gate.admit({ address: visitor.address });
    const { accountId: owner, key } = await this.passkeys.prove(place, response);
    const accountId = owner === undefined ? undefined : toId('usr', owner);
    const account = accountId && key ? await this.accounts.find(accountId) : undefined;
    await this.record('sign-in.passkey', accountId, visitor, Boolean(account));
    if (!account || !key) return { kind: 'wrong' };
    await this.gate.refund(charge);
    return this.complete(account, [key, 'user', 'mfa'], visitor);
  }

  private async complete(
    { id: accountId, credentialVersion }: Pick<AccountState, 'id' | 'credentialVersion'>,
    amr: string[],
    visitor: Visitor,
  ): Promise<SignInStep> {
    await this.record('sign-in.completed', accountId, visitor, true);
    const deviceToken = await this.devices.remember(toUuid('usr', accountId));
    return { kind: 'done', signedIn: { accountId, credentialVersion, amr }, deviceToken };
  }

  private async attempt(email: string, { address, deviceToken }: Visitor) {
    const deviceId = await this.devices.find(deviceToken, email);
    return { account: email, address, ...(deviceId !== undefined && { deviceId }) };
  }

  /** Whose account it was that somebody failed to get into. */
  private async ownerOf(email: string): Promise<Id<'usr'> | undefined> {
    const [row] = await this.database.rows<{ id: string }>(
      'SELECT id FROM accounts WHERE email = $1',
      [email],
    );
    return row && toId('usr', row.id);
  }

  private record(
    type: Extract<AuditType, `sign-in.${string}`>,
    userId: Id<'usr'> | undefined,
    { address, clientId }: Visitor,
    succeeded: boolean,
  ): Promise<void> {
    return this.audit.note({
      type,
      outcome: succeeded ? 'success' : 'failure',
      accountId: userId && toUuid('usr', userId),
      address,
      clientId,
    });
  }

  private seal(place: string, proof: Proof): string {
    return this.sealing
      .seal(`proof:${place}`, Buffer.from(JSON.stringify(proof)))
      .toString('base64url');
  }

  private open(place: string, sealed: string): Proof | undefined {
    const text = this.sealing.open(`proof:${place}`, Buffer.from(sealed, 'base64url'));
    const proof = text && (JSON.parse(text.toString()) as Proof);
    return proof && proof.until > this.clock.now().getTime() ? proof : undefined;
  }
}
