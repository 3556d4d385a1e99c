/** How long answering may take, in milliseconds: from when the request has arrived in full, and all the time that it stood in line. */
export const BUDGET_MS = 2_000;
