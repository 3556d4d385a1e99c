/** The request of the outside world that an event came from. */
export const REQUEST_ID_HEADER = 'X-Request-Id';
/** On a reply: the code of the error that the body describes. */
export const ERROR_HEADER = 'Flotilla-Error';
