import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { Browser, Visited } from '@flotilla/testing/browser';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { ISSUER } from './identity-under-test.js';

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const SYNCHRONIZED = 0x08;
const HAS_CREDENTIAL = 0x40;

/** What an authenticator may do wrong, or differently. */
interface Conduct {
  /** The origin that the browser saw. */
  origin?: string;
  challenge?: string;
  /** The account that it takes the passkey to be for. */
  userHandle?: string;
  userVerified?: boolean;
  /** Whether the key may be in several devices (flag BE). */
  synchronized?: boolean;
}

/** A passkey (ES256) with its authenticator and the browser around it, in software: what they say is JSON as browsers send it. */
export class SoftwareAuthenticator {
  readonly id: string;
  /** Signatures so far; what a copy is told apart by. */
  counter = 0;
  private userHandle = '';
  private readonly privateKey: KeyObject;
  private readonly publicKey: Buffer;

  constructor(
    private readonly origin: string,
    idBytes = 32,
  ) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    this.id = randomBytes(idBytes).toString('base64url');
    this.privateKey = privateKey;
    // COSE_Key (RFC 9053 §7.1.1): {kty: EC2, alg: ES256, crv: P-256, x, y}
    this.publicKey = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      Buffer.from(x!, 'base64url'),
      Buffer.from('225820', 'hex'),
      Buffer.from(y!, 'base64url'),
    ]);
  }

  /** `navigator.credentials.create`, without an attestation. */
  create(options: PublicKeyCredentialCreationOptionsJSON, conduct: Conduct = {}): string {
    this.userHandle = options.user.id;
    const id = Buffer.from(this.id, 'base64url');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(id.length);
    const aaguid = Buffer.alloc(16);
    const authData = Buffer.concat([
      this.authenticatorData(options.rp.id!, HAS_CREDENTIAL, conduct),
      ...[aaguid, length, id, this.publicKey],
    ]);
    const size = Buffer.alloc(2);
    size.writeUInt16BE(authData.length);
    // CBOR: {"fmt": "none", "attStmt": {}, "authData": bytes}
    const attestationObject = Buffer.concat([
      Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex'),
      Buffer.from([0x59]),
      size,
      authData,
    ]);
    return this.answer({
      clientDataJSON: this.clientData('webauthn.create', options.challenge, conduct),
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    });
  }

  /** `navigator.credentials.get`. */
  get(options: PublicKeyCredentialRequestOptionsJSON, conduct: Conduct = {}): string {
    this.counter += 1;
    const authenticatorData = this.authenticatorData(options.rpId!, 0, conduct);
    const clientDataJSON = this.clientData('webauthn.get', options.challenge, conduct);
    const seen = createHash('sha256').update(Buffer.from(clientDataJSON, 'base64url')).digest();
    const signature = sign('sha256', Buffer.concat([authenticatorData, seen]), this.privateKey);
    return this.answer({
      clientDataJSON,
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
      userHandle: conduct.userHandle ?? this.userHandle,
    });
  }

  private authenticatorData(rpId: string, more: number, conduct: Conduct): Buffer {
    const { userVerified = true, synchronized = false } = conduct;
    const flags =
      USER_PRESENT | (userVerified ? USER_VERIFIED : 0) | (synchronized ? SYNCHRONIZED : 0) | more;
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    const rpIdHash = createHash('sha256').update(rpId).digest();
    return Buffer.concat([rpIdHash, Buffer.from([flags]), counter]);
  }

  private clientData(type: string, asked: string, conduct: Conduct): string {
    const { origin = this.origin, challenge = asked } = conduct;
    const text = JSON.stringify({ type, challenge, origin, crossOrigin: false });
    return Buffer.from(text).toString('base64url');
  }

  private answer(response: object): string {
    const { id } = this;
    const type = 'public-key';
    return JSON.stringify({ id, rawId: id, type, response, clientExtensionResults: {} });
  }
}

/** Makes a passkey in a browser that has just signed in. */
export async function addPasskey(at: Browser): Promise<SoftwareAuthenticator> {
  const device = new SoftwareAuthenticator(ISSUER);
  const page = await at.open('/account/passkeys');
  const { create } = asked<{ create: PublicKeyCredentialCreationOptionsJSON }>(page);
  const fields = { name: 'laptop', response: device.create(create) };
  await at.submit(page, '/account/passkeys/add', fields);
  return device;
}

/** Signs in with it, on a page that asks for an address and a password or for a passkey. */
export async function signInByPasskey(
  at: Browser,
  device: SoftwareAuthenticator,
  page?: Visited,
): Promise<Visited> {
  const shown = page ?? (await at.open('/account/sign-in'));
  return at.submit(shown, '/passkey', { response: assertionFor(shown, device) });
}

/** What a device says to such a page. */
export function assertionFor(page: Visited, device: SoftwareAuthenticator): string {
  return device.get(asked<{ get: PublicKeyCredentialRequestOptionsJSON }>(page).get);
}

function asked<Ask>({ html }: Visited): Ask {
  const [, text] = /data-ask="([^"]*)"/.exec(html)!;
  return JSON.parse(text!.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as Ask;
}
