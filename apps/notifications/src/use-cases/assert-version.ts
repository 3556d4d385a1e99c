import { AppError } from '@flotilla/contracts/errors';

/** @throws AppError `precondition-failed` when it is not at the version that is demanded, if one is */
export function assertVersion(current: { version: number }, demanded: number | undefined): void {
  if (demanded === undefined || demanded === current.version) return;
  throw new AppError('precondition-failed', 'The endpoint was changed meanwhile.');
}
