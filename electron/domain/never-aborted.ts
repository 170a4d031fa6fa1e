/** For work whose caller has no way to end it. */
export const neverAborted = new AbortController().signal
