import { invalidField } from '@flotilla/contracts/invalid-fields';

const MAX_LENGTH = 128;
/** From here on any characters will do; what is shorter has to mix them. */
const LONG = 12;
const MIN_LENGTH = 8;
const MIXTURE = [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u];

/** Passwords that are tried first by whoever guesses. */
export abstract class CommonPasswords {
  /** Whether a password is one of them, in whatever case. */
  abstract has(text: string): boolean;
}

/** A password that somebody may choose. Only who hashes it reads its text: it is left out of logs and of JSON. */
export class Password {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Lengths are in characters, as people count them. @throws AppError `validation-failed` at `/password` */
  static choose(text: string, common: CommonPasswords): Password {
    const length = [...text].length;
    const isMixed = MIXTURE.every((characters) => characters.test(text));
    if (length > MAX_LENGTH) {
      throw refused('max-length', `password takes at most ${MAX_LENGTH} characters`);
    }
    if (length < MIN_LENGTH || (length < LONG && !isMixed)) {
      throw refused(
        'min-length',
        `password takes at least ${LONG} characters, or ${MIN_LENGTH} with upper case, lower case and a digit`,
      );
    }
    if (common.has(text)) throw refused('common', 'password must not be one that many people use');
    return new Password(text);
  }

  get text(): string {
    return this.#text;
  }
}

function refused(code: string, detail: string): ReturnType<typeof invalidField> {
  return invalidField({ pointer: '/password', code, detail });
}
