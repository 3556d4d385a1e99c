/** How long answering may take from when the request has arrived in full, in milliseconds. */
export const BUDGET_MS = 2_000;
