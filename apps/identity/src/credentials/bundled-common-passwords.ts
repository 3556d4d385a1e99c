import { Injectable } from '@nestjs/common';
import { dictionary } from '@zxcvbn-ts/language-common';
import { CommonPasswords } from '../domain/password.js';

/** The 49,000 most common of published leaks, as zxcvbn-ts bundles them (MIT), in lower case. */
@Injectable()
export class BundledCommonPasswords extends CommonPasswords {
  private readonly known = new Set(dictionary['passwords-common']);

  has(text: string): boolean {
    return this.known.has(text.toLowerCase());
  }
}
