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
 * Opens a tunnel, says so, and keeps it open until it is interrupted.
 * @throws QuaysideError when it can't be opened, or can't stay open without the user
 */
export async function holdTunnel(
  cli: Cli,
  core: Core,
  { database, port }: TunnelRequest,
): Promise<void> {
  const { id: databaseId, name, hostName } = database
  const tunnel = await core.tunnels.open(
    { databaseId, ...(port !== undefined && { localPort: port }) },
    { signal: cli.signal },
  )
  const answer = {
    databaseId,
    name,
    hostName,
    host: '127.0.0.1',
    port: tunnel.localPort,
    remotePort: tunnel.remotePort,
  }
  try {
    // A host that needs the user is told before the tunnel is called open.
    await stillUseful(core, database, answerTime(cli.signal))
    cli.signal.throwIfAborted()
    cli.out.result(
      answer,
      () => `${name} on ${hostName} is at 127.0.0.1:${tunnel.localPort}. Ctrl-C closes the tunnel.`,
    )
    await untilInterrupted(cli, core, database)
  } finally {
    await core.tunnels.close({ databaseId })
  }
}

/** Resolves at Ctrl-C; rejects when the tunnel has lost its sense. */
function untilInterrupted(cli: Cli, core: Core, database: DatabaseView): Promise<void> {
  const tellLoss = lossTeller(cli)
  let looking = false
  return new Promise<void>((resolve, reject) => {
    const giveBack = cli.interrupts.take(() => end(resolve))
    const stopEvents = core.onEvent((event) => {
      if (event.type === 'changed' && event.topic !== 'jobs' && event.topic !== 'secrets') look()
    })
    const end = (settle: () => void) => {
      giveBack()
      stopEvents()
      settle()
    }
    const look = () => {
      if (looking) return
      looking = true
      stillUseful(core, database, glance(cli.signal))
        .then(tellLoss)
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

/** Says once that a host is lost, and once that it is back. */
function lossTeller(cli: Cli): (host: HostView) => void {
  let lost = false
  return (host) => {
    const isLost = host.status.state === 'lost'
    const isBack = host.status.state === 'ready' || host.status.state === 'degraded'
    if (isLost && !lost) cli.out.note(`${host.name} does not answer. The tunnel waits for it.`)
    if (isBack && lost) cli.out.note(`${host.name} answers again.`)
    if (isLost || isBack) lost = isLost
  }
}
