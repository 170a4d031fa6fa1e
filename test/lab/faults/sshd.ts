import type { HostContext } from '../context.ts'
import { endSshd, sshdConfigChanged, startSshd, writeSshdConfig } from '../sshd.ts'

/** Puts these lines before sshd's settings and restarts it; of each setting the first line counts. */
export async function setSshd(host: HostContext, lines: readonly string[]): Promise<void> {
  writeSshdConfig(host, lines)
  await endSshd(host)
  await startSshd(host)
}

/** The settings of the beginning, and sshd running with them. */
export async function resetSshd(host: HostContext): Promise<void> {
  if (sshdConfigChanged(host)) await setSshd(host, [])
  else await startSshd(host)
}

/** Ends sshd and all sessions. */
export async function stopSshd(host: HostContext): Promise<void> {
  await endSshd(host, { sessions: true })
}

export async function startSshdAgain(host: HostContext): Promise<void> {
  await startSshd(host)
}
