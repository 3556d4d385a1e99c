import { MIMEType } from 'node:util';

/**
 * What a `Content-Type` says (RFC 9110 §8.3): the media type in lower case, and whether its text is UTF-8, which it is
 * unless it names another charset. Undefined when it cannot be read.
 */
export function mediaTypeOf(
  contentType: string | undefined,
): { name: string; utf8: boolean } | undefined {
  try {
    const { essence, params } = new MIMEType(contentType ?? '');
    return { name: essence, utf8: (params.get('charset') ?? 'utf-8').toLowerCase() === 'utf-8' };
  } catch {
    return undefined;
  }
}
