import { afterAll, describe, expect, inject, it, onTestFinished } from 'vitest'
import { checkLocalDocker, createLocalHost } from '../../electron/adapters/docker/index.ts'
import { createClock } from '../../electron/adapters/clock/index.ts'
import type { Docker, Host } from '../../electron/domain/ports.ts'
import { hostIdSchema, type HostStatus } from '../../shared/contract/hosts.ts'
import { openLab } from '../lab/lab.ts'
import { dockerAt } from './docker-bench.ts'

const lab = await openLab()
const socketPath = inject('lab').hosts[1]?.dockerSocket ?? ''
const docker = dockerAt(socketPath)

afterAll(async () => {
  await lab.fault.clear()
})

/** Follows events until they end; gives the error they ended with. */
async function endOfEvents(watched: Docker, onOpen: () => void): Promise<unknown> {
  const { signal } = new AbortController()
  const events = watched.events({}, { signal })[Symbol.asyncIterator]()
  try {
    const first = events.next()
    setTimeout(onOpen, 300)
    for (let next = await first; next.done !== true;) next = await events.next()
    return null
  } catch (thrown) {
    return thrown
  }
}

describe('dockerd', () => {
  it.each(['kill', 'stop'] as const)('by %s ends events with an error', async (way) => {
    let done: Promise<void> | undefined
    const end = await endOfEvents(docker, () => {
      done = lab.fault.docker[way]('h2')
    })
    expect(end).toMatchObject({ code: 'docker_down' })
    await done
    const down = await docker.listContainers({}).catch((thrown: unknown) => thrown)
    expect(down).toMatchObject({ code: expect.stringMatching(/^docker_(down|missing)$/) as string })
    await lab.fault.docker.start('h2')
    expect(await docker.listContainers({})).toEqual(expect.any(Array))
  })
})

describe('this computer as a host', () => {
  function open(): { host: Host; until: (state: HostStatus['state']) => Promise<HostStatus> } {
    const host = createLocalHost({
      record: {
        id: hostIdSchema.parse('0b6c4c5e-7a52-4a8e-8f5c-0d6f1d0c3a11'),
        name: 'here',
        connection: { kind: 'local', socketPath },
        baseDomain: null,
        dataDirectory: null,
        createdAt: 0,
      },
      clock: createClock(),
    })
    onTestFinished(() => host.close())
    const until = (state: HostStatus['state']) =>
      new Promise<HostStatus>((resolve) => {
        const judge = (status: HostStatus) => {
          if (status.state !== state) return
          stop()
          resolve(status)
        }
        const stop = host.onStatus(judge)
        judge(host.status)
      })
    return { host, until }
  }

  it('is lost while dockerd is stopped, fails fast, and comes back by itself', async () => {
    const { host, until } = open()
    await host.ready()
    await lab.fault.docker.stop('h2')
    host.reconnect()
    await until('lost')
    const begun = performance.now()
    await expect(host.docker().info()).rejects.toMatchObject({ name: 'QuaysideError' })
    expect(performance.now() - begun).toBeLessThan(500)
    const ready = host.ready()
    await lab.fault.docker.start('h2')
    await ready
    expect(host.status).toMatchObject({ state: 'ready', error: null })
  })

  it('is checked step by step', async () => {
    const check = await checkLocalDocker({
      checkId: 'x',
      connection: { kind: 'local', socketPath },
    })
    expect(check.ok).toBe(true)
    expect(check.steps.map(({ name }) => name)).toEqual(['docker', 'permission', 'version', 'disk'])
  })
})
