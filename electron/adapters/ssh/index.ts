import type { Agent } from 'node:http'
import type { HostCheck, HostKey } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type {
  Clock,
  Docker,
  Host,
  HostCheckRequest,
  HostConnector,
  HostRecord,
  HostSuggestions,
  Log,
  LoginSecret,
} from '../../domain/ports.ts'
import { checkSsh } from './check.ts'
import { forWantOfSecret } from './errors.ts'
import { establish } from './establish.ts'
import type { WayEvents } from './establish.ts'
import { createSshHost } from './host.ts'
import { createHostKeys } from './host-keys.ts'
import type { Link } from './link.ts'
import { quoteWords } from './quote.ts'
import { findRoute, nameOf } from './route.ts'
import { createSshConfig } from './ssh-config.ts'
import { suggest } from './suggestions.ts'
import { createSystemWays } from './system-ways.ts'
import type { Route } from './target.ts'

export interface HostConnectorDeps {
  /** Quayside's own folder; `known_hosts` in it is written. */
  home: string
  /** The user's home folder, for `.ssh`; only read. */
  homeDir: string
  /** For SSH_AUTH_SOCK. */
  env: Readonly<Record<string, string | undefined>>
  clock: Clock
  /** False where the system's `ssh` cannot share a connection; by itself on Windows alone. */
  sharing?: boolean | undefined
  /** What is kept for a host's login; throws as `Secrets` does where it has to be there. */
  loginSecret(record: HostRecord): Promise<LoginSecret>
  log: Log
  /** Docker through HTTP agents whose connections are channels on the host's SSH connection. */
  dockerOver(transport: { agent: Agent; streamAgent: Agent }): Docker
  /** Docker on this computer. */
  local: {
    open(record: HostRecord): Host
    check(request: HostCheckRequest): Promise<HostCheck>
    find(signal?: AbortSignal): Promise<HostSuggestions['local']>
  }
}

/** Makes hosts: over SSH here, on this computer by what it is given. */
export function createHostConnector(deps: HostConnectorDeps): HostConnector {
  const { home, homeDir, env, clock, loginSecret, log, dockerOver, local } = deps
  const hostKeys = createHostKeys({ home })
  const sharing = deps.sharing ?? process.platform !== 'win32'
  const systemWays = createSystemWays()
  const routes = { homeDir, env, config: createSshConfig({ homeDir }) }

  return {
    open(record) {
      const { connection, name } = record
      if (connection.kind === 'local') return local.open(record)
      return createSshHost({
        name,
        clock,
        log,
        dockerOver,
        async connect(signal, { onTrusted, onTouch }, windowBytes) {
          const { secret, unread } = await loginSecret(record)
          return await explained({ connection, unread }, async () => {
            const route = await findRoute(connection, secret ?? null, routes, signal)
            const events: WayEvents = {
              onTrusted: (target) => {
                if (target === route.at(-1)) onTrusted()
              },
              onTouch,
            }
            const way = { route, name, hostKeys, events, systemWays, sharing, windowBytes, signal }
            return await establish(way)
          })
        },
      })
    },

    check(request) {
      const { connection, secret } = request
      if (connection.kind === 'local') return local.check(request)
      return checkSsh(request, {
        hostKeys,
        sharing,
        clock,
        findRoute: (signal) => findRoute(connection, secret ?? null, routes, signal),
      })
    },

    async runner({ connection, secret, unread, acceptHostKey, name, signal: given }) {
      if (connection.kind === 'local') throw notOverSsh()
      const late = AbortSignal.timeout(45_000)
      const signal = given ? AbortSignal.any([given, late]) : late
      const link = await explained({ connection, unread }, async () => {
        const route = await findRoute(connection, secret ?? null, routes, signal)
        return await establish({ route, name, hostKeys, sharing, acceptHostKey, signal })
      })
      return {
        exec: (argv, options) => link.run(quoteWords(argv), options),
        close: () => link.close(),
      }
    },

    suggestions: (signal) => suggest({ ...routes, findLocal: local.find }, signal),

    async trustHostKey(connection, key, replace) {
      if (connection.kind === 'local') return
      const route = await findRoute(connection, null, routes)
      const names = new Set(route.map(nameOf))
      const seen = () => hostKeys.shown(key.fingerprint).filter(({ name }) => names.has(name))
      if (seen().length === 0) await look(route)
      // Exactly the key that was shown under this fingerprint is pinned.
      const shown = seen()
      if (shown.length === 0) throw notShown(key)
      for (const { name, blob } of shown) await hostKeys.pin(name, blob, replace)
    },
  }

  /** Goes as far as the host keys, to see them; what stops the way after that is of no interest. */
  async function look(route: Route): Promise<void> {
    const signal = AbortSignal.timeout(30_000)
    await establish({ route, name: '', hostKeys, sharing, signal }).then(
      (link) => link.close(),
      (error: unknown) => {
        if (!(error instanceof QuaysideError) || error.code === 'host_unreachable') throw error
      },
    )
  }
}

/** Goes a way; where it fails, a secret that could not be read is told if it may be the cause. */
async function explained(
  login: Parameters<typeof forWantOfSecret>[1],
  go: () => Promise<Link>,
): Promise<Link> {
  try {
    return await go()
  } catch (error) {
    throw forWantOfSecret(error, login)
  }
}

function notOverSsh(): QuaysideError {
  return new QuaysideError(
    'install_unsupported',
    'Docker is not installed on this computer by Quayside.',
    {
      hint: 'Install it yourself, by Docker Desktop or your distribution’s packages, then check again.',
    },
  )
}

function notShown(key: HostKey): QuaysideError {
  return new QuaysideError('host_key_unknown', 'The server does not show the key you accepted.', {
    hint: 'Check the host again and compare the fingerprint it shows now.',
    field: 'fingerprint',
    facts: { accepted: key.fingerprint },
  })
}
