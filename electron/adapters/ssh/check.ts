import { checkSteps } from '../../../shared/contract/hosts.ts'
import type { CheckStep, CheckStepName, HostCheck } from '../../../shared/contract/hosts.ts'
import { fromErrorData, QuaysideError, toErrorData } from '../../../shared/errors.ts'
import type { Clock, HostCheckRequest } from '../../domain/ports.ts'
import { createDockerAgents } from './docker-agents.ts'
import { dockerInfo, dockerVersion } from './docker-http.ts'
import { findDocker, tryDocker } from './docker-way.ts'
import type { DockerPlace, DockerWay } from './docker-way.ts'
import { establish } from './establish.ts'
import type { WayEvents } from './establish.ts'
import { readDisk, readFacts } from './host-facts.ts'
import type { HostFacts } from './host-facts.ts'
import { describeKey } from './host-keys.ts'
import type { HostKeys } from './host-keys.ts'
import type { Link } from './link.ts'
import type { Route, Target } from './target.ts'

const wholeCheckMs = 90_000

export interface CheckDeps {
  hostKeys: HostKeys
  clock: Clock
  findRoute(signal: AbortSignal): Promise<Route>
}

/** Walks the way to a host over SSH, step by step, and leaves nothing open. */
export async function checkSsh(request: HostCheckRequest, deps: CheckDeps): Promise<HostCheck> {
  const walk = createWalk(request)
  const late = AbortSignal.timeout(wholeCheckMs)
  const signal = request.signal ? AbortSignal.any([request.signal, late]) : late
  let link: Link | null = null
  try {
    walk.start('address')
    const route = await deps.findRoute(signal)
    walk.name(route)
    link = await establish({
      route,
      name: route.at(-1)?.host ?? '',
      hostKeys: deps.hostKeys,
      acceptHostKey: request.acceptHostKey,
      events: wayEvents(walk, route),
      signal,
    })
    await checkDocker(link, walk, route.at(-1)?.host ?? '', deps.clock, signal)
  } catch (error) {
    if (request.signal?.aborted) throw error
    walk.fail(late.aborted ? tooSlow(error) : error)
  } finally {
    link?.close()
  }
  return walk.result()
}

/** Only the host's own steps are shown; those of jump hosts run within “Reach port”. */
function wayEvents(walk: Walk, route: Route): WayEvents {
  const last = (target: Target) => target === route.at(-1)
  const through = route
    .slice(0, -1)
    .map((target) => target.host)
    .join(', ')
  const via = through === '' ? '' : `, through ${through}`
  return {
    onAddress(target, address) {
      if (last(target))
        walk.done('address', address ?? (via === '' ? 'by ProxyCommand' : via.slice(2)))
      if (last(target)) walk.start('port')
    },
    onBanner(target, banner) {
      if (!last(target)) return
      walk.done('port', describeBanner(banner))
      walk.start('host-key')
    },
    onTrusted(target, blob) {
      if (!last(target)) return
      walk.done('host-key', describeKey(blob))
      walk.start('login')
    },
    onLogin(target, way) {
      if (!last(target)) return
      walk.done('login', `by ${way}`)
      walk.start('docker')
    },
  }
}

async function checkDocker(
  link: Link,
  walk: Walk,
  name: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const asked = clock.now()
  const facts = await readFacts(link, signal)
  const skewMs = facts.clock * 1000 - (asked + clock.now()) / 2
  const place = findDocker(facts, name)
  walk.done('docker', place.socketPath ?? facts.dockerHost)
  walk.start('permission')
  const way = await tryDocker(link, place, facts, name, signal)
  walk.done('permission', describePermission(facts, place, way))
  walk.start('version')
  const agents = createDockerAgents((options) => way.open(options))
  try {
    const { version, apiVersion } = await dockerVersion(agents.agent, name, signal)
    walk.done('version', `Docker ${version}, API ${apiVersion}`)
    walk.start('resources')
    const info = await dockerInfo(agents.agent, signal)
    const disk = await readDisk(link, info.DockerRootDir, signal)
    walk.done('resources', describeResources({ disk, memory: info.MemTotal, skewMs }))
  } finally {
    agents.destroy()
  }
}

function describePermission(facts: HostFacts, place: DockerPlace, way: DockerWay): string {
  // The limit that comes with sudo says no more than this.
  if (way.sudo) return 'yes, by sudo'
  const group =
    facts.uid === 0
      ? 'yes'
      : facts.groups.split(' ').includes('docker')
        ? 'yes, through group docker'
        : `yes, by ${place.socketPath ?? 'its program'}`
  return [group, ...way.limits].join('. ')
}

function describeResources(found: {
  disk: { freeBytes: number; totalBytes: number } | null
  memory: number
  skewMs: number
}): string {
  const { disk, memory, skewMs } = found
  // The host tells whole seconds.
  const skew =
    Math.abs(skewMs) < 1_500
      ? 'clock right'
      : `clock differs by ${Math.round(Math.abs(skewMs) / 1000)} s`
  return [
    disk ? `${gigabytes(disk.freeBytes)} of ${gigabytes(disk.totalBytes)} free` : 'disk unknown',
    memory > 0 ? `${gigabytes(memory)} memory` : 'memory unknown',
    skew,
  ].join(', ')
}

function gigabytes(bytes: number): string {
  const value = bytes / 1e9
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} GB`
}

/** `SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3` is `OpenSSH 9.2p1, Debian-2+deb12u3`. */
export function describeBanner(banner: string): string {
  const [software = banner, ...comment] = banner.replace(/^SSH-[\d.]+-/, '').split(' ')
  return [software.replace('_', ' '), comment.join(' ')].filter((part) => part !== '').join(', ')
}

function tooSlow(cause: unknown): QuaysideError {
  return new QuaysideError('host_unreachable', 'The host takes too long to answer.', {
    hint: 'Check its load and the network, then check again.',
    cause,
  })
}

interface Walk {
  name(route: Route): void
  start(step: CheckStepName): void
  done(step: CheckStepName, fact: string): void
  /** Ends the step that runs, and with it the walk. */
  fail(thrown: unknown): void
  result(): HostCheck
}

function createWalk({ checkId, connection, onProgress }: HostCheckRequest): Walk {
  const port = connection.kind === 'ssh' ? connection.port : 22
  const user = connection.kind === 'ssh' ? connection.user : 'the user'
  let steps = checkSteps.map((name): CheckStep => ({
    name,
    state: 'waiting',
    title: titleOf(name, port, user),
    fact: null,
    ms: null,
    error: null,
  }))
  let unknownKey: HostCheck['unknownKey'] = null
  let startedAt = performance.now()

  const result = (): HostCheck => ({
    checkId,
    steps,
    unknownKey,
    ok: steps.every((step) => step.state === 'done'),
  })
  const change = (name: CheckStepName, to: Partial<CheckStep>) => {
    steps = steps.map((step) => (step.name === name ? { ...step, ...to } : step))
    onProgress?.(result())
  }
  const ms = () => Math.round(performance.now() - startedAt)

  return {
    name(route) {
      const last = route.at(-1)
      if (last)
        steps = steps.map((step) => ({ ...step, title: titleOf(step.name, last.port, last.user) }))
    },
    start(step) {
      startedAt = performance.now()
      change(step, { state: 'running' })
    },
    done: (step, fact) => change(step, { state: 'done', fact, ms: ms() }),
    fail(thrown) {
      const error = toErrorData(thrown)
      const keyStep = error.code.startsWith('host_key')
      if (keyStep) {
        // The key of a jump host is shown before the way to the host is known to be open.
        steps = steps.map((step) =>
          step.state === 'running' && step.name !== 'host-key'
            ? { ...step, state: 'waiting' }
            : step,
        )
      }
      const at = keyStep ? 'host-key' : steps.find((step) => step.state === 'running')?.name
      steps = steps.map((step) =>
        step.state === 'waiting' && step.name !== at ? { ...step, state: 'not-run' } : step,
      )
      const facts = error.facts
      if (
        error.code === 'host_key_unknown' &&
        facts?.['accepted'] === undefined &&
        facts?.['fingerprint'] !== undefined
      ) {
        unknownKey = { fingerprint: facts['fingerprint'], type: facts['type'] ?? 'unknown' }
        steps = steps.map((step) =>
          step.state === 'not-run' ? { ...step, state: 'waiting' } : step,
        )
        change('host-key', {
          state: 'question',
          fact: `Key shown by ${facts['host'] ?? 'the server'}`,
        })
      } else if (at !== undefined) change(at, { state: 'failed', ms: ms(), error })
      else throw fromErrorData(error)
    },
    result,
  }
}

function titleOf(step: CheckStepName, port: number, user: string): string {
  switch (step) {
    case 'address':
      return 'Find the address'
    case 'port':
      return `Reach port ${port}`
    case 'host-key':
      return 'Is this your server?'
    case 'login':
      return `Log in as ${user}`
    case 'docker':
      return 'Find Docker'
    case 'permission':
      return `May ${user} use Docker?`
    case 'version':
      return 'Docker version'
    case 'resources':
      return 'Disk, memory and clock'
  }
}
