import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { fromErrorData, QuaysideError, toErrorData } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import { answerTime, glance } from '../find-host.ts'

/** A tunnel to open; without a port of its own it gets the database's usual one. */
export interface TunnelRequest {
  database: DatabaseView
  port?: number | undefined
}

/**
 * Opens tunnels, says of each when it is ready, and keeps them open until it is interrupted. One that
 * can't stay open without the user is told and given up; the others stay.
 * @throws QuaysideError why the last one is given up
 */
export async function holdTunnels(
  cli: Cli,
  core: Core,
  requests: readonly TunnelRequest[],
): Promise<void> {
  const held = new Map<string, DatabaseView>()
  let lastError: unknown = null
  const giveUp = async ({ id, name }: DatabaseView, thrown: unknown): Promise<void> => {
    held.delete(id)
    await core.tunnels.close({ databaseId: id })
    // The last one's error ends the command, which says it.
    if (requests.length > 1 && (held.size > 0 || lastError !== null)) {
      const { message } = toErrorData(thrown)
      cli.out.note(`The tunnel to ${name} is closed: ${message}`)
    }
    lastError = thrown
  }
  try {
    for (const { database } of requests) held.set(database.id, database)
    const opening = requests.map((request) =>
      openOne(cli, core, request).catch((thrown: unknown) => giveUp(request.database, thrown)),
    )
    await Promise.all(opening)
    cli.signal.throwIfAborted()
    if (held.size > 0) await untilInterrupted(cli, core, held, giveUp)
    if (held.size === 0) throw fromErrorData(toErrorData(lastError))
  } finally {
    for (const { id } of held.values()) await core.tunnels.close({ databaseId: id })
  }
}

async function openOne(cli: Cli, core: Core, { database, port }: TunnelRequest): Promise<void> {
  const { id: databaseId, name, hostName } = database
  const { localPort, remotePort, movedFrom } = await core.tunnels.open(
    { databaseId, ...(port !== undefined && { localPort: port }) },
    { signal: cli.signal },
  )
  // A host that needs the user is told before the tunnel is called open.
  await stillUseful(core, database, answerTime(cli.signal))
  cli.signal.throwIfAborted()
  if (movedFrom !== null) {
    cli.out.note(`Port ${movedFrom} is taken, so ${name} is at port ${localPort} now.`)
  }
  cli.out.result(
    { databaseId, name, hostName, host: '127.0.0.1', port: localPort, remotePort, movedFrom },
    () => `${name} on ${hostName} is at 127.0.0.1:${localPort}. Ctrl-C closes the tunnel.`,
  )
}

/** Resolves at Ctrl-C, when nobody reads the lines, or once the last tunnel has lost its sense. */
function untilInterrupted(
  cli: Cli,
  core: Core,
  held: ReadonlyMap<string, DatabaseView>,
  giveUp: (database: DatabaseView, thrown: unknown) => Promise<void>,
): Promise<void> {
  const tellLoss = lossTeller(cli)
  let looking = false
  return new Promise<void>((resolve, reject) => {
    const giveBack = cli.interrupts.takeOrUnread(() => end(resolve))
    const stopEvents = core.onEvent((event) => {
      if (event.type === 'changed' && (event.topic === 'hosts' || event.topic === 'databases'))
        look()
    })
    const end = (settle: () => void) => {
      giveBack()
      stopEvents()
      settle()
    }
    const lookAt = async (database: DatabaseView): Promise<void> => {
      try {
        tellLoss(await stillUseful(core, database, glance(cli.signal)))
      } catch (thrown) {
        await giveUp(database, thrown)
      }
    }
    const look = () => {
      if (looking) return
      looking = true
      Promise.all([...held.values()].map(lookAt))
        .then(() => {
          if (held.size === 0) end(resolve)
        })
        .catch((thrown: unknown) => end(() => reject(fromErrorData(toErrorData(thrown)))))
        .finally(() => (looking = false))
    }
    look()
  })
}

/** The host behind the tunnel; throws when there is nothing left to wait for. */
async function stillUseful(
  core: Core,
  { id, hostId, name }: DatabaseView,
  signal: AbortSignal,
): Promise<HostView> {
  const host = (await core.hosts.list({}, { signal })).find((one) => one.id === hostId)
  if (host === undefined) throw new QuaysideError('not_found', `The host of ${name} was removed.`)
  const { state, error } = host.status
  if ((state === 'refused' || state === 'key-changed') && error !== null) throw fromErrorData(error)
  // Answers with the open tunnel, or refuses: another process may have deleted the database.
  await core.tunnels.open({ databaseId: id })
  return host
}

/** Says once of each host that it is lost, and once that it is back. */
function lossTeller(cli: Cli): (host: HostView) => void {
  const lost = new Set<string>()
  return ({ id, name, status: { state } }) => {
    if (state === 'lost' && !lost.has(id)) {
      lost.add(id)
      cli.out.note(`${name} does not answer. The tunnel waits for it.`)
    }
    if ((state === 'ready' || state === 'degraded') && lost.delete(id)) {
      cli.out.note(`${name} answers again.`)
    }
  }
}
