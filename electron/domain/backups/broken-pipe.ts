/** True where a task that is over was written to, as `StreamTask.stdin` says it. */
export function isBrokenPipe(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPIPE'
}
