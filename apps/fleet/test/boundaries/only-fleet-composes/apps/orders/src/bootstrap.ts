export const bootstrap = 1;
