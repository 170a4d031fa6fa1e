import { createClock } from '../../electron/adapters/clock/index.ts'
import { createDocker } from '../../electron/adapters/docker/index.ts'
import { createHostConnector } from '../../electron/adapters/ssh/index.ts'
import type { Host } from '../../electron/domain/ports.ts'
import { hostIdSchema } from '../../shared/contract/hosts.ts'
import type { BenchLab } from './bench-lab.ts'
import { silentLog } from '../../electron/domain/silent-log.ts'

/** The host as the core has it: one lasting connection, Docker over its channels. */
export async function openHost(
  { connection, home, host }: Pick<BenchLab, 'connection' | 'home' | 'host'>,
  signal: AbortSignal,
): Promise<Host> {
  const clock = createClock()
  const nowhere = () => {
    throw new Error('This computer’s Docker is not asked here.')
  }
  const connector = createHostConnector({
    home,
    homeDir: home,
    env: {},
    clock,
    loginSecret: () => Promise.resolve({}),
    log: silentLog,
    dockerOver: (transport) => createDocker({ transport: { kind: 'agent', ...transport } }),
    local: { open: nowhere, check: nowhere, find: () => Promise.resolve(null) },
  })
  const acceptHostKey = host.ssh.hostKeyFingerprint
  const { ok } = await connector.check({ checkId: 'bench', connection, acceptHostKey, signal })
  if (!ok) throw new Error('The way to the host is not open.')
  const id = hostIdSchema.parse(crypto.randomUUID())
  const record = {
    id,
    name: host.name,
    connection,
    baseDomain: null,
    dataDirectory: null,
    createdAt: 0,
  }
  const opened = connector.open(record)
  await opened.ready(signal)
  return opened
}
