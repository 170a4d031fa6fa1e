import { execFileSync } from 'node:child_process'
import { startServer } from './ssh-connector.ts'
import type { SshServer } from './ssh-server.ts'

/** A server that lets in whoever an authority of its own vouches for, and no key by itself. */
export async function certificateServer(
  dockerSocket: string,
  settings: readonly string[] = [],
  more: { dockerProgram?: boolean } = {},
): Promise<{ server: SshServer; key: string }> {
  const server = await startServer(dockerSocket, more)
  const ca = server.file('ca')
  const key = server.file('id_certified')
  for (const path of [ca, key])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path])
  execFileSync('ssh-keygen', ['-q', '-s', ca, '-I', 'me', '-n', 'root', '-V', '+5m', `${key}.pub`])
  await server.restart({ settings: [`TrustedUserCAKeys ${ca}.pub`, ...settings] })
  return { server, key }
}

/** The processes of sshd that carry a connection. */
export function sessionsOf({ port }: SshServer): number[] {
  const found = execFileSync('ss', ['-tnpH', 'sport', '=', `:${port}`]).toString()
  return [...new Set([...found.matchAll(/"sshd",pid=(\d+)/g)].map(([, pid]) => Number(pid)))]
}
