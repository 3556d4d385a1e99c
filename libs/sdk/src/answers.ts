import type { Problem } from './api.js';

/** What a method of the client resolves to. */
export interface Answered<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** A page of a list. */
export interface PageOf<Item> {
  data: Item[];
  nextCursor: string | null;
}

/** The API refused (RFC 9457). `code` says why, and stays as it is from one release to the next. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly code: Problem['code'] | undefined;
  /** All that the API said, such as `errors` or `lines`. */
  readonly problem: Partial<Problem>;

  constructor(response: Response, problem: Partial<Problem>) {
    const { code, detail = response.statusText, requestId } = problem;
    super(`${response.status} ${code ?? ''}: ${detail} (request ${requestId ?? 'unknown'})`);
    this.status = response.status;
    this.code = code;
    this.problem = problem;
  }
}

/** What a call of the client answers. @throws ProblemError when it was refused */
export async function answer<Data>(call: Promise<Answered<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (response.ok) return data as Data;
  throw new ProblemError(response, isProblem(error) ? error : {});
}

/**
 * All of a list, page by page as they are needed: `each((cursor) => client.GET('/orders', { params: { query: { cursor } } }))`.
 * Throws ProblemError.
 */
export async function* each<Item>(
  page: (cursor: string | undefined) => Promise<Answered<PageOf<Item>>>,
): AsyncGenerator<Item, void, undefined> {
  let cursor: string | undefined;
  do {
    const { data, nextCursor } = await answer(page(cursor));
    yield* data;
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/** What stands before a gateway may answer something else. */
function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'code' in error;
}
