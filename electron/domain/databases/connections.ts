import { connectionFormats, hiddenPassword } from '../../../shared/connection-formats.ts'
import type { ConnectionDetails } from '../../../shared/connection-formats.ts'
import { fillTemplate } from '../../../shared/connection-template.ts'
import type { ConnectionView, DatabaseId } from '../../../shared/contract/databases.ts'
import { connectionFormatLabels } from '../../../shared/connection-formats.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Service } from '../core.ts'
import type { Engines } from '../engines.ts'
import type { HostRegistry } from '../hosts/host-registry.ts'
import type { Clipboard, DatabaseRecord, Secrets } from '../ports.ts'
import type { Tunnels } from '../tunnels/tunnels.ts'
import { passwordOf, portOf } from './server.ts'

interface ConnectionsDeps {
  get: (id: DatabaseId) => DatabaseRecord
  secrets: Secrets
  engines: Engines
  registry: HostRegistry
  tunnels: Tunnels
  clipboard: Clipboard | null
}

/**
 * How to connect to a database from this computer. What is handed out works when it is pasted: for a
 * database on another machine's loopback it names a tunnel, and the tunnel is open.
 */
export function createConnections(
  deps: ConnectionsDeps,
): Pick<Service<'databases'>, 'connection' | 'reveal' | 'copy'> {
  const { get, secrets, engines, registry, tunnels, clipboard } = deps

  const reach = async (
    record: DatabaseRecord,
    arm: boolean,
  ): Promise<Omit<ConnectionDetails, 'password'> & { tunnel: boolean }> => {
    const local = registry.record(record.hostId).connection.kind === 'local'
    const port = local ? portOf(record) : (await tunnels.reach(record.id, arm)).localPort
    const { user, database } = record
    const sslmode = engines.get(record.engine).plainSslMode
    return { host: '127.0.0.1', port, user, database, sslmode, tunnel: !local }
  }

  return {
    connection: async ({ id }) => {
      const record = get(id)
      const details = await reach(record, false)
      const engine = engines.get(record.engine)
      return {
        ...details,
        remotePort: portOf(record),
        formats: connectionFormats.map((format) => ({
          id: format,
          label: connectionFormatLabels[format] ?? engine.info.client,
          masked: engine.format({ ...details, password: hiddenPassword }, format),
        })),
      } satisfies ConnectionView
    },

    reveal: async ({ id }) => ({ password: await passwordOf(secrets, get(id)) }),

    copy: async ({ id, what }) => {
      if (clipboard === null) {
        throw new QuaysideError('invalid_input', 'This face of Quayside has no clipboard.', {
          hint: 'Copy from the window, or print the connection string.',
        })
      }
      const record = get(id)
      const password = await passwordOf(secrets, record)
      if (what === 'password') {
        await clipboard.writeSecret(password)
      } else {
        const details = { ...(await reach(record, true)), password }
        await clipboard.writeSecret(
          typeof what === 'string'
            ? engines.get(record.engine).format(details, what)
            : fillTemplate(what.template, { ...details, name: record.name }),
        )
      }
      return {}
    },
  }
}
