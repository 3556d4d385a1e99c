import type { Actor } from '@flotilla/contracts/actor';
import type { AccountView } from '@flotilla/contracts/identity';
import { newUuid } from '@flotilla/contracts/ids';
import { IssueEmailLink, type LinkPurpose } from '@flotilla/contracts/mail';
import type { Operation } from '@flotilla/contracts/operation';
import { runInContext } from '@flotilla/runtime/request-context';
import { Browser, type Visited } from '@flotilla/testing/browser';
import { enrol } from './authenticator.js';
import { type IdentityUnderTest, ISSUER, PASSWORD } from './identity-under-test.js';
import { OAuthClient } from './oauth-client.js';

export const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code' as const;
const PKCE = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };

/** Where acts begin that the audit trail is to tell of: people, clients and what lies between them. */
export class AuditStage {
  /** All that must never be in the trail. */
  readonly secrets = new Set<string>([PASSWORD]);

  constructor(
    private readonly identity: IdentityUnderTest,
    private readonly administrator: { actor: Actor; address: string },
  ) {}

  browser(): Browser {
    return new Browser(this.identity.urls[0]!, ISSUER);
  }

  async shop(body = {}): Promise<OAuthClient> {
    const registered = await this.identity.client(body);
    this.secrets.add(registered.clientSecret!);
    return new OAuthClient(this.identity.urls[0]!, registered);
  }

  /** What somebody does who is signed in with a key, at an address, through a client. */
  asAdmin<Request extends object, Response>(
    operation: Operation<Request, Response>,
    request: Request,
  ): Promise<Response> {
    return runInContext({ requestId: newUuid(), ...this.administrator }, () =>
      this.identity.caller.rpc.call(operation, request, { timeoutMs: 10_000 }),
    );
  }

  async signedIn(): Promise<{ person: AccountView; at: Browser }> {
    const person = await this.identity.account();
    const at = this.browser();
    const page = await at.open('/account/sign-in');
    await at.submit(page, '/account/sign-in', { email: person.email, password: PASSWORD });
    return { person, at };
  }

  /** Somebody who has a second factor, in another browser, where the password was right. */
  async halfSignedIn() {
    const { person, at: own } = await this.signedIn();
    const { code, recoveryCodes } = await enrol(own);
    for (const one of recoveryCodes) this.secrets.add(one);
    const at = this.browser();
    const page = await at.open('/account/sign-in');
    const { email } = person;
    const second = await at.submit(page, '/account/sign-in', { email, password: PASSWORD });
    return { person, own, at, second, code, recoveryCodes };
  }

  async followLink(
    person: AccountView,
    purpose: LinkPurpose,
    fields: Record<string, string>,
  ): Promise<Visited> {
    const { url } = await this.identity.caller.rpc.call(IssueEmailLink, {
      userId: person.id,
      purpose,
    });
    this.secrets.add(new URL(url).searchParams.get('token')!);
    const at = this.browser();
    return at.submit(await at.open(url), `/account/${purpose}`, fields);
  }

  async tokensOf(client: OAuthClient) {
    const person = await this.identity.account();
    const code = await client.authorize(person.email);
    const { body } = await client.redeem(code);
    for (const secret of [code.code, body.access_token!, body.refresh_token!, body.id_token!])
      this.secrets.add(secret);
    return { person, code, access: body.access_token!, refresh: body.refresh_token! };
  }

  /** Somebody who is asked whether a client may have what it asks for. */
  async asked() {
    const [client, { person, at }] = [await this.shop(), await this.signedIn()];
    const { clientId } = client.registered;
    return { client, clientId, person, at, consent: await at.open(client.authorizeUrl(PKCE)) };
  }

  /** Somebody who has entered the code of a device. */
  async deviceShown() {
    const client = await this.shop({ grantTypes: [DEVICE], redirectUris: [] });
    const { body } = await client.post('device', { scope: 'openid' });
    this.secrets.add(body.device_code!).add(body.user_code!);
    const { person, at } = await this.signedIn();
    const enter = await at.open(body.verification_uri!);
    const confirm = await at.submit(enter, '/device/verify', { user_code: body.user_code! });
    return { client, person, at, confirm };
  }
}
