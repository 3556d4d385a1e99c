import { invalidField } from '@flotilla/contracts/invalid-fields';

/** RFC 5321 §4.5.3.1: a path of 256 with its angle brackets, and of it the part before the `@`. */
const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;

/** RFC 5322 §3.2.3 dot-atom at the labels of RFC 1035 §2.3.1; the last one is no number, which would be an address of a host. */
const ATOM = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+";
const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const SYNTAX = new RegExp(`^(?<local>${ATOM}(?:\\.${ATOM})*)@(?:${LABEL}\\.)+(?!\\d+$)${LABEL}$`);

/**
 * Where a person gets mail, as it is stored and compared: trimmed, in lower case. Plain ASCII, so that no two addresses
 * look alike; other domains have an ASCII form (RFC 5890).
 */
export class EmailAddress {
  private constructor(readonly text: string) {}

  /** @throws AppError `validation-failed` at `/email` */
  static parse(given: string): EmailAddress {
    const text = given.trim().toLowerCase();
    const local = text.length > MAX_LENGTH ? undefined : SYNTAX.exec(text)?.groups?.['local'];
    if (local === undefined || local.length > MAX_LOCAL_LENGTH) {
      throw invalidField({
        pointer: '/email',
        code: 'email',
        detail: 'email must be an e-mail address',
      });
    }
    return new EmailAddress(text);
  }
}
