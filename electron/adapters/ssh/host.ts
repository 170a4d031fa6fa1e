import type { Agent } from 'node:http'
import { QuaysideError, toErrorData } from '../../../shared/errors.ts'
import type { Clock, Docker, Host, Log } from '../../domain/ports.ts'
import { backoffMs } from './backoff.ts'
import { openBulk } from './bulk.ts'
import { createDockerAgents } from './docker-agents.ts'
import { dockerPing, dockerVersion } from './docker-http.ts'
import { findDocker, mayForward, tryDocker } from './docker-way.ts'
import type { DockerWay } from './docker-way.ts'
import { dockerDown, forwardError, hostLost, needsUser, reachError } from './errors.ts'
import { readFacts } from './host-facts.ts'
import { createStatusKeeper } from './host-status.ts'
import type { Link } from './link.ts'
import { hasAddress } from './own-address.ts'
import { quoteWords } from './quote.ts'

const beatMs = 15_000
const pingWithinMs = 5_000
const connectWithinMs = 45_000
const partingMs = 2_000
/** After a failed try, the next one is not brought closer than this. */
const hastenedMs = 10_000
/** Slower than this, a host counts as degraded. */
const lateMs = 2_000
const noTunnels =
  'The SSH server forbids port forwarding (AllowTcpForwarding no): databases cannot be reached from here.'

export interface ConnectEvents {
  /** The host itself has shown its key, and is the one that is known. */
  onTrusted(): void
  /** The login waits for someone to touch a security key. */
  onTouch(): void
}

export interface SshHostDeps {
  /** What users call the host. */
  name: string
  /**
   * Goes the way to the host once.
   * @param windowBytes how much it may send ahead on a stream
   */
  connect(signal: AbortSignal, events: ConnectEvents, windowBytes?: number): Promise<Link>
  dockerOver(transport: { agent: Agent; streamAgent: Agent }): Docker
  clock: Clock
  log: Log
  /** From 0 up to 1. */
  random?: (() => number) | undefined
}

/** A host over SSH; see `Host`. Starts to connect at once. */
export function createSshHost({
  name,
  connect,
  dockerOver,
  clock,
  log,
  random,
}: SshHostDeps): Host {
  const keeper = createStatusKeeper(clock)
  const { set } = keeper
  const until = (reached: () => boolean, signal?: AbortSignal) =>
    keeper.until(reached, signal ? AbortSignal.any([signal, end.signal]) : end.signal)
  const end = new AbortController()
  let wake = new AbortController()
  let sooner = new AbortController()
  let triedAt = 0
  let link: Link | null = null
  let way: DockerWay | null = null
  let probing = false
  const crowded = () => way?.transport === 'dial-stdio' && link?.crowded === true
  const agents = createDockerAgents(async (options) => {
    await settled(options.signal)
    const { link: over, way: through } = usable()
    try {
      return await through.open(options)
    } catch (error) {
      if (error instanceof QuaysideError) throw error
      throw over.reason ?? dockerDown(name, error)
    }
  }, crowded)
  // Apart from the calls, so that eight slow ones do not make the host look dead.
  const pings = createDockerAgents(async (options) => usable().way.open(options), crowded)
  const docker = dockerOver({ agent: agents.agent, streamAgent: agents.streamAgent })

  /** Goes there, and tells meanwhile what is wanted of the user. */
  async function goThere(signal: AbortSignal, windowBytes?: number): Promise<Link> {
    try {
      const events = {
        onTrusted: () => set({ lastSeen: clock.now() }),
        onTouch: () => set({ touch: true }),
      }
      return await connect(signal, events, windowBytes)
    } finally {
      if (keeper.status.touch) set({ touch: false })
    }
  }

  function usable(): { link: Link; way: DockerWay } {
    if (link === null || link.reason) throw statusError()
    if (way === null) throw statusError()
    return { link, way }
  }

  function statusError(): QuaysideError {
    const { error } = keeper.status
    return error ? new QuaysideError(error.code, error.message, error) : hostLost(name)
  }

  /** Waits while the connection is being made. */
  function settled(signal?: AbortSignal): Promise<void> {
    return until(() => keeper.status.state !== 'connecting', signal)
  }

  async function live(): Promise<void> {
    let failures = 0
    while (!end.signal.aborted) {
      try {
        const opened = await goThere(
          AbortSignal.any([end.signal, AbortSignal.timeout(connectWithinMs)]),
        )
        link = opened
        failures = 0
        await stay(opened)
        if (ended()) return
        // The first try after a loss comes at once, and calls wait for it.
        set({ state: 'connecting', latencyMs: null, error: toErrorData(opened.reason) })
        log.warn('host lost', { host: name, cause: opened.reason?.message })
      } catch (error) {
        if (ended()) return
        drop(error)
        failures = await pause(error, failures)
      }
    }
  }

  /** After a failed try: waits for the next one, or for the user. Gives the failures so far. */
  async function pause(thrown: unknown, failures: number): Promise<number> {
    const timedOut = thrown instanceof Error && thrown.name === 'TimeoutError'
    const error = toErrorData(timedOut ? hostLost(name, thrown) : thrown)
    if (error.code === 'internal') log.error('connecting failed', thrown, { host: name })
    wake = new AbortController()
    const woken = AbortSignal.any([wake.signal, end.signal])
    if (needsUser(thrown) && error.code !== 'internal') {
      const changed = error.code === 'host_key_changed' || error.code === 'host_key_revoked'
      set({ state: changed ? 'key-changed' : 'refused', error, nextTry: null, latencyMs: null })
      await aborted(woken)
      return 0
    }
    const wait = backoffMs(failures + 1, (random ?? Math.random)())
    triedAt = clock.now()
    set({ state: 'lost', error, nextTry: triedAt + wait, latencyMs: null })
    await untilNextTry(wait, woken)
    // Something has changed then: what failed before says little about the tries to come.
    return woken.aborted ? 0 : failures + 1
  }

  /** Waits for the next try, which may be brought forward meanwhile; at an end at once if woken. */
  async function untilNextTry(wait: number, woken: AbortSignal): Promise<void> {
    for (let left = wait; left > 0 && !woken.aborted;) {
      sooner = new AbortController()
      const { signal } = sooner
      await clock.sleep(left, AbortSignal.any([woken, signal])).catch(() => {}) // as the loop asks
      left = signal.aborted ? (keeper.status.nextTry ?? 0) - clock.now() : 0
    }
  }

  /** A function, as the compiler would think that nothing changes while one waits. */
  function ended(): boolean {
    return end.signal.aborted
  }

  function drop(cause: unknown): void {
    way = null
    link?.fail(cause)
    link = null
  }

  /** Uses a link until it is lost; throws what needs the user, or no Docker at all. */
  async function stay(over: Link): Promise<void> {
    const gone = new AbortController()
    void over.lost.then((reason) => gone.abort(reason))
    over.onCrowded(() => {
      agents.dropIdle()
      pings.dropIdle()
    })
    const signal = AbortSignal.any([gone.signal, end.signal])
    let silentBeats = 0
    try {
      for (;;) {
        const ok = await beat(over, signal)
        silentBeats = ok ? 0 : silentBeats + 1
        wake = new AbortController()
        const rest = ok ? beatMs : Math.min(beatMs, 1_000 * 2 ** silentBeats)
        await clock.sleep(rest, AbortSignal.any([signal, wake.signal])).catch((reason: unknown) => {
          if (signal.aborted) throw reason
        })
      }
    } catch (error) {
      if (!over.reason) throw error
    } finally {
      way = null
    }
  }

  /** Looks whether Docker answers, and tells it. False when it does not; the link is fine then. */
  async function beat(over: Link, signal: AbortSignal): Promise<boolean> {
    try {
      if (way === null) await findWay(over, signal)
      const within = AbortSignal.any([signal, AbortSignal.timeout(pingWithinMs)])
      const before = performance.now()
      await dockerPing(pings.agent, within)
      const latencyMs = Math.round((performance.now() - before) * 10) / 10
      const late = latencyMs > lateMs
      set({
        state: late || keeper.status.limits.includes(noTunnels) ? 'degraded' : 'ready',
        lastSeen: clock.now(),
        latencyMs,
        nextTry: null,
        error: null,
      })
      return true
    } catch (error) {
      if (signal.aborted) throw error
      const down = asDown(error)
      if (down === null) throw error
      pings.dropIdle()
      set({ state: 'degraded', latencyMs: null, error: toErrorData(down), lastSeen: clock.now() })
      return false
    }
  }

  /** The error when Docker alone is at fault and may come back; null for all else. */
  function asDown(error: unknown): QuaysideError | null {
    if (error instanceof QuaysideError) return error.code === 'docker_down' ? error : null
    return dockerDown(name, error)
  }

  async function findWay(over: Link, signal: AbortSignal): Promise<void> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(connectWithinMs)])
    const facts = await readFacts(over, name, within)
    set({ os: facts.os === '' ? facts.kernel : facts.os, lastSeen: clock.now() })
    const place = findDocker(facts, name)
    const found = await tryDocker(over, place, facts, name, within)
    const limits = [...found.limits, ...((await mayForward(over, within)) ? [] : [noTunnels])]
    agents.fit(found.transport)
    pings.fit(found.transport)
    way = found
    try {
      const { version } = await dockerVersion(pings.agent, name, within)
      set({
        transport: found.transport,
        systemSsh: over.systemSsh ?? null,
        systemSshJumps: over.systemSshJumps ?? [],
        dockerVersion: version,
        limits,
      })
    } catch (error) {
      way = null
      throw error
    }
  }

  void live().catch((error: unknown) =>
    log.error('the life of a host ended', error, { host: name }),
  )

  return {
    get status() {
      return keeper.status
    },
    onStatus: keeper.onStatus,
    docker: () => docker,
    async forward(port, signal) {
      await settled(signal)
      const over = connected()
      try {
        return await over.openPort('127.0.0.1', port, signal)
      } catch (error) {
        if (signal?.aborted) throw error
        throw forwardError(error, name, port)
      }
    },
    async reach({ host, port }, signal) {
      await settled(signal)
      const over = connected()
      try {
        return await over.openPort(host, port, signal)
      } catch (error) {
        if (signal?.aborted) throw error
        throw reachError(error, name, { host, port })
      }
    },
    async exec(argv, options) {
      await settled(options?.signal)
      return await connected().run(quoteWords(argv), options)
    },
    async stream(argv, signal) {
      await settled(signal)
      return await connected().openCommand(quoteWords(argv), { signal })
    },
    async bulk(signal) {
      await settled(signal)
      connected()
      const within = [end.signal, AbortSignal.timeout(connectWithinMs)]
      return await openBulk({
        name,
        connect: goThere,
        dockerOver,
        signal: AbortSignal.any(signal ? [signal, ...within] : within),
        end: end.signal,
      })
    },
    async ready(signal) {
      await until(
        () => way !== null || ['refused', 'key-changed'].includes(keeper.status.state),
        signal,
      )
      if (way === null) throw statusError()
    },
    reconnect() {
      if (link && !link.reason) void probe(link)
      // At once, so that a call made right after this one waits for the try.
      else set({ state: 'connecting', nextTry: null, error: null })
      wake.abort()
    },
    hasten() {
      const { state, nextTry } = keeper.status
      const soonest = Math.max(clock.now(), triedAt + hastenedMs)
      if (state !== 'lost' || nextTry === null || nextTry <= soonest) return
      set({ nextTry: soonest })
      sooner.abort()
    },
    async close() {
      end.abort(hostLost(name, new Error('Closed by Quayside.')))
      const ended = link?.ended
      link?.close()
      agents.destroy()
      pings.destroy()
      keeper.forget()
      if (ended) await withinParting(ended)
    },
  }

  /** A program that ends at once would leave the folder of the system's ssh behind. */
  async function withinParting(ended: Promise<void>): Promise<void> {
    const over = new AbortController()
    const late = clock.sleep(partingMs, over.signal).catch(() => undefined)
    await Promise.race([ended, late])
    over.abort()
  }

  function connected(): Link {
    if (link === null || link.reason) throw statusError()
    return link
  }

  /** After sleep, or on the user's word: a link that does not answer a command at once is gone. */
  async function probe(over: Link): Promise<void> {
    if (over.ownAddress !== null && !hasAddress(over.ownAddress))
      return over.fail(new Error(`This computer no longer has the address ${over.ownAddress}.`))
    if (probing) return
    probing = true
    try {
      await over.answers(AbortSignal.timeout(pingWithinMs))
    } catch (error) {
      over.fail(error)
    } finally {
      probing = false
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
