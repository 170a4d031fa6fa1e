/**
 * While a keychain call hangs, so would `process.exit`: Node first waits for its threads to come back
 * (uv_library_shutdown), which can take until the user answers a prompt. Returns the way to undo it.
 */
export function exitDespiteHang(): () => void {
  // On Windows libuv does not wait.
  if (process.platform === 'win32') return () => undefined
  process.once('exit', endNow)
  return () => void process.off('exit', endNow)
}

/** Ends the process whatever its threads do; with its exit code where this Node can say it. */
function endNow(code: number): void {
  // Becoming another program ends the threads. Not in Node before 22.15.
  if (typeof process.execve === 'function') {
    process.execve('/bin/sh', ['sh', '-c', `exit ${String(code)}`], {})
  }
  process.kill(process.pid, 'SIGKILL')
}
