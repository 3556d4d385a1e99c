import { AppError } from '@flotilla/contracts/errors';

/** Where a page ended: its last order, by the two columns that lists are sorted by. */
export interface OrderCursor {
  createdAt: Date;
  /** The uuid of the order. */
  id: string;
}

const FORMAT = /^(\d{1,15})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

export function encodeCursor({ createdAt, id }: OrderCursor): string {
  return Buffer.from(`${createdAt.getTime()}.${id}`).toString('base64url');
}

/**
 * The cursor that `encodeCursor` wrote.
 * @throws AppError `validation-failed` for anything else
 */
export function decodeCursor(text: string): OrderCursor {
  const [, milliseconds, id] = FORMAT.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  const cursor = { createdAt: new Date(Number(milliseconds)), id: id ?? '' };
  // base64url is read leniently: a text that was tampered with must not pass for another.
  if (milliseconds === undefined || encodeCursor(cursor) !== text) {
    throw new AppError('validation-failed', 'The cursor is not one of ours.', {
      details: {
        errors: [
          { pointer: '/cursor', code: 'cursor', detail: 'This is not a cursor of this list.' },
        ],
      },
    });
  }
  return cursor;
}
