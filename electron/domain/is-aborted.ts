/**
 * Asked anew: it may have been aborted during an `await`, which the compiler, once it has seen that it
 * was not, does not expect.
 */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
