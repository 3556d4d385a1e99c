import { Clock } from '@flotilla/runtime/clock';
import { Injectable } from '@nestjs/common';
import { OAuthRecords } from '../oauth/oauth-records.js';
import { Sealing } from '../sealing.js';

/** How long somebody may look for the key, or the finger. */
export const CHALLENGE_MS = 5 * 60_000;
const USED = 'PasskeyChallenge';

/**
 * What authenticators are given to sign (WebAuthn Level 3 §13.4.3): the time until which it is good, sealed for one place
 * under a random nonce. Nobody else can make one, and nothing is stored before one is used up.
 */
@Injectable()
export class PasskeyChallenges {
  constructor(
    private readonly sealing: Sealing,
    private readonly records: OAuthRecords,
    private readonly clock: Clock,
  ) {}

  /** @param place what the challenge is good for, and in which browser */
  issue(place: string): Uint8Array<ArrayBuffer> {
    const until = this.clock.now().getTime() + CHALLENGE_MS;
    return Uint8Array.from(this.sealing.seal(placeOf(place), Buffer.from(String(until))));
  }

  /** Whether a challenge (base64url) was issued for this place, and not too long ago. */
  isGood(place: string, challenge: string): boolean {
    const until = this.sealing.open(placeOf(place), Buffer.from(challenge, 'base64url'));
    return until !== undefined && Number(until.toString()) > this.clock.now().getTime();
  }

  /** Uses a challenge up: of any number of attempts, in whatever process, one is told true. */
  use(challenge: string): Promise<boolean> {
    // The bytes and not the text, which base64url lets differ in what it does not say.
    const id = Buffer.from(challenge, 'base64url').toString('base64url');
    return this.records.saveOnce(USED, id, CHALLENGE_MS / 1000);
  }
}

function placeOf(place: string): string {
  return `passkey:${place}`;
}
