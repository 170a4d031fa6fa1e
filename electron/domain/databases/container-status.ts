import type { ContainerDetail, ContainerSummary, Docker, LastKnown } from '../ports.ts'

/** Reads a container's details only where the listing says that something changed. */
export async function knowledgeOf(
  docker: Docker,
  container: ContainerSummary,
  known: LastKnown | null,
  now: number,
  signal: AbortSignal,
): Promise<LastKnown> {
  const rough = roughStatus(container)
  // "Up 3 minutes" can be the same or another start, so a running one is read again if its age shrank.
  if (known?.status === rough && rough === 'running' && known.startedAt !== null) {
    if (!startedLately(container.statusText)) return { ...known, at: now }
  } else if (known?.status === rough && rough === 'stopped') {
    return { ...known, at: now }
  }
  const detail = await docker.inspectContainer(container.id, { signal })
  if (detail === null) return { ...fresh('failed', now), reason: 'Its container was just removed.' }
  return statusOf(detail, now)
}

function roughStatus(container: ContainerSummary): LastKnown['status'] {
  if (container.state === 'running') {
    return container.statusText.includes('(unhealthy)') ? 'attention' : 'running'
  }
  return container.state === 'exited' || container.state === 'created' ? 'stopped' : 'attention'
}

/** Docker's words for an age below two minutes, see units.HumanDuration in docker/go-units. */
function startedLately(statusText: string): boolean {
  return /^Up (?:Less than a second|\d+ seconds?|About a minute)/.test(statusText)
}

/** Exit codes of a server that was asked to stop: 0, and 128 + SIGINT or SIGTERM. */
const cleanExits: ReadonlySet<number> = new Set([0, 130, 143])

/** What a container's details say of its database. */
export function statusOf(container: ContainerDetail, now: number): LastKnown {
  const since = container.finishedAt ?? now
  switch (container.state) {
    case 'running': {
      const started = container.startedAt ?? now
      const unhealthy = container.statusText.includes('unhealthy')
      return {
        ...fresh(unhealthy ? 'attention' : 'running', now),
        reason: unhealthy ? 'Its health check fails' : null,
        startedAt: container.startedAt,
        since: started,
      }
    }
    case 'restarting':
      return {
        ...fresh('attention', now),
        reason: `It stops by itself and is started again (exit code ${container.exitCode})`,
      }
    case 'paused':
      return { ...fresh('attention', now), reason: 'Paused' }
    case 'created':
      return container.error === ''
        ? { ...fresh('stopped', now), reason: 'Never started' }
        : { ...fresh('failed', now), reason: container.error }
    case 'exited':
      if (container.oomKilled) {
        return { ...fresh('failed', now), since, reason: 'Killed: out of memory' }
      }
      if (cleanExits.has(container.exitCode)) return { ...fresh('stopped', now), since }
      return {
        ...fresh('failed', now),
        since,
        reason: `Exited with code ${container.exitCode}`,
      }
    case 'removing':
    case 'dead':
      return { ...fresh('failed', now), since, reason: 'Its container is being removed' }
  }
}

function fresh(status: LastKnown['status'], now: number): LastKnown {
  return { status, reason: null, startedAt: null, since: now, at: now }
}
