import type { CheckStepName, HostCheck } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Clock, HostCheckRequest } from '../../domain/ports.ts'
import { judgeClock, judgeDisk } from './check-resources.ts'
import type { Finding } from './check-resources.ts'
import { createWalk } from './check-walk.ts'
import type { Walk } from './check-walk.ts'
import { createDockerAgents } from './docker-agents.ts'
import { dockerInfo, dockerVersion } from './docker-http.ts'
import { findDocker, tryDocker } from './docker-way.ts'
import type { DockerPlace, DockerWay } from './docker-way.ts'
import { forWantOfSecret } from './errors.ts'
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
  /** As in `HostConnectorDeps`. */
  sharing: boolean
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
      sharing: deps.sharing,
      acceptHostKey: request.acceptHostKey,
      events: wayEvents(walk, route),
      signal,
    })
    await checkDocker(link, walk, route.at(-1)?.host ?? '', deps.clock, signal)
  } catch (error) {
    if (request.signal?.aborted) throw error
    walk.fail(late.aborted ? tooSlow(error) : forWantOfSecret(error, request))
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
    onTouch(target) {
      if (last(target)) walk.waitFor('login', 'Touch your security key')
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
  const facts = await readFacts(link, name, signal)
  const skewMs = facts.clock * 1000 - (asked + clock.now()) / 2
  const info = await walkDocker(link, walk, facts, name, signal)
  walk.start('disk')
  const folder = info?.DockerRootDir ?? '/var/lib'
  const memory = info?.MemTotal ?? facts.memory * 1024
  tell(walk, 'disk', judgeDisk(await readDisk(link, folder, signal), memory, folder, name))
  walk.start('clock')
  tell(walk, 'clock', judgeClock(skewMs, name))
}

function tell(walk: Walk, step: CheckStepName, { fact, warning }: Finding): void {
  if (warning === null) walk.done(step, fact)
  else walk.warn(step, fact, warning)
}

/** The steps that need Docker. Null where one of them failed: what needs none is still looked at. */
async function walkDocker(
  link: Link,
  walk: Walk,
  facts: HostFacts,
  name: string,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<typeof dockerInfo>> | null> {
  const ahead: CheckStepName[] = ['docker', 'permission', 'version']
  const next = (): void => {
    ahead.shift()
    if (ahead[0]) walk.start(ahead[0])
  }
  try {
    const place = findDocker(facts, name)
    walk.done('docker', place.socketPath ?? facts.dockerHost)
    next()
    const way = await tryDocker(link, place, facts, name, signal)
    walk.done('permission', describePermission(facts, place, way))
    next()
    const agents = createDockerAgents((options) => way.open(options))
    try {
      const { version, apiVersion } = await dockerVersion(agents.agent, name, signal)
      const info = await dockerInfo(agents.agent, signal)
      walk.done('version', `Docker ${version}, API ${apiVersion}`)
      return info
    } finally {
      agents.destroy()
    }
  } catch (error) {
    // With the link gone, or no time left, there is nothing more to look at.
    if (signal.aborted || link.reason) throw error
    const [at, ...later] = ahead
    if (at === undefined) throw error
    walk.failed(at, error)
    for (const step of later) walk.skip(step)
    return null
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
