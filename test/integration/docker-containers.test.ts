import { createServer, type AddressInfo } from 'node:net'
import { afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { ContainerSpec, DockerEvent } from '../../electron/domain/ports.ts'
import { openLab } from '../lab/lab.ts'
import { dockerAt, freshName, idle, image } from './docker-bench.ts'

const lab = await openLab()
const docker = dockerAt()
const made: string[] = []

beforeAll(async () => {
  await docker.ensureImage(image)
})
afterEach(async () => {
  for (const name of made.splice(0)) await docker.removeContainer(name)
})

async function create(more: Partial<ContainerSpec> = {}): Promise<ContainerSpec & { id: string }> {
  const spec = await idle(more)
  made.push(spec.name)
  return { ...spec, ...(await docker.createContainer(spec)) }
}

/** What a program inside a container says. */
async function inside(name: string, ...argv: string[]): Promise<string> {
  const { code, stdout, stderr } = await lab.docker('local', ['exec', name, ...argv])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

describe('a container', () => {
  it('is made, started, stopped and removed; each again is fine', async () => {
    const { id, name, labels, publish } = await create()
    expect(await docker.inspectContainer(name)).toMatchObject({ id, state: 'created', image })
    await docker.startContainer(id)
    await docker.startContainer(id)
    const [listed, ...others] = await docker.listContainers(labels)
    expect(others).toEqual([])
    expect(listed).toMatchObject({ id, name, state: 'running', labels, ports: [publish.hostPort] })
    expect(await docker.inspectContainer(id)).toMatchObject({
      state: 'running',
      startedAt: expect.closeTo(Date.now(), -5) as number,
      ports: [publish.hostPort],
    })
    await docker.renameContainer(id, `${name}-trash`)
    expect(await docker.inspectContainer(name)).toBeNull()
    await docker.restartContainer(id, 1)
    await docker.stopContainer(id, 1)
    await docker.stopContainer(id, 1)
    expect(await docker.inspectContainer(id)).toMatchObject({ state: 'exited' })
    await Promise.all([docker.removeContainer(id), docker.removeContainer(id)])
    await docker.removeContainer(id)
    await docker.stopContainer(id, 1)
    expect(await docker.inspectContainer(id)).toBeNull()
    await expect(docker.startContainer(id)).rejects.toMatchObject({ code: 'container_missing' })
  })

  it('is bound to the loopback alone', async () => {
    const { id, publish } = await create()
    await docker.startContainer(id)
    const { stdout } = await lab.docker('local', ['port', id])
    expect(stdout.trim()).toBe(`5432/tcp -> 127.0.0.1:${publish.hostPort}`)
  })

  it('of a name that is taken is refused', async () => {
    const { name } = await create()
    const again = docker.createContainer(await idle({ name }))
    await expect(again).rejects.toMatchObject({ code: 'name_taken' })
  })

  it('does not start on a port that something else holds, and does once it is free', async () => {
    const foreign = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => foreign.once('listening', resolve))
    const { port: hostPort } = foreign.address() as AddressInfo
    const publish = { hostAddress: '127.0.0.1', hostPort, containerPort: 5432 }
    const { id } = await create({ publish })
    const error = { code: 'port_taken', message: `Port ${hostPort} is taken.` }
    await expect(docker.startContainer(id)).rejects.toMatchObject(error)
    expect(await docker.inspectContainer(id)).toMatchObject({ state: 'created' })
    await new Promise((resolve) => foreign.close(resolve))
    await docker.startContainer(id)
    const other = await create({ publish })
    await expect(docker.startContainer(other.id)).rejects.toMatchObject(error)
  })

  it('has its files before it starts; emptying one while it runs empties it', async () => {
    const path = '/run/quayside/password'
    const secret = { path, content: 'hunter2', mode: 0o400, secret: true }
    const { id, name } = await create({
      files: [secret],
      command: ['sh', '-c', `cat ${path}; echo; sleep 600`],
    })
    await docker.startContainer(id)
    await expect.poll(() => docker.tailLogs(id, 5)).toBe('hunter2\n')
    expect(await inside(name, 'stat', '-c', '%a %u:%g %s', path)).toBe('400 0:0 7\n')
    await docker.putFiles(id, [{ ...secret, content: '' }])
    expect(await inside(name, 'stat', '-c', '%a %u:%g %s', path)).toBe('400 0:0 0\n')
    expect(await inside(name, 'cat', path)).toBe('')
  })

  it('leaves nothing behind when its files can’t be put in', async () => {
    const files = [{ path: '/etc/passwd/x', content: 'x', mode: 0o400, secret: false }]
    const spec = await idle({ files })
    await expect(docker.createContainer(spec)).rejects.toMatchObject({ code: 'docker_failed' })
    expect(await docker.inspectContainer(spec.name)).toBeNull()
  })

  it('of an image that is not there is refused', async () => {
    const making = docker.createContainer(await idle({ image: 'postgres:none' }))
    await expect(making).rejects.toMatchObject({ code: 'image_not_found' })
  })

  it('tells the last it said, both streams, 64 KiB at most', async () => {
    const script = 'for i in 1 2 3; do echo out $i; echo err $i >&2; sleep 0.1; done'
    const { id } = await create({ command: ['sh', '-c', script] })
    await docker.startContainer(id)
    await expect.poll(() => docker.tailLogs(id, 2)).toBe('out 3\nerr 3\n')
    const long = await create({ command: ['sh', '-c', 'seq -f "line %09g ä" 20000; sleep 600'] })
    await docker.startContainer(long.id)
    await expect.poll(() => docker.tailLogs(long.id, 1)).toBe('line 000020000 ä\n')
    const tail = await docker.tailLogs(long.id, 20_000)
    expect(tail).toMatch(/^line \d{9} ä\n/)
    expect(Buffer.byteLength(tail)).toBeGreaterThan(63 * 1024)
    expect(Buffer.byteLength(tail)).toBeLessThanOrEqual(64 * 1024)
    expect(await docker.tailLogs('no-such-container', 5)).toBe('')
  })

  it('tells its statistics, in per cent of one core', async () => {
    const { id } = await create({ command: ['sh', '-c', 'while :; do :; done'] })
    await docker.startContainer(id)
    // Docker on a busy machine may not have measured it twice yet.
    const soon = { timeout: 20_000 }
    const used = async (): Promise<number> => (await docker.containerStats(id)).cpuPercent ?? 0
    await expect.poll(used, soon).toBeGreaterThan(10)
    const first = await docker.containerStats(id)
    expect(first.memoryBytes).toBeGreaterThan(0)
    expect(first.memoryLimitBytes).toBeGreaterThan(first.memoryBytes ?? 0)
    const second = await docker.containerStats(id)
    expect(second.cpuPercent).toBeGreaterThan(10)
    expect(second.cpuPercent).toBeLessThan(130)
    await docker.stopContainer(id, 0)
    expect(await docker.containerStats(id)).toMatchObject({ cpuPercent: null, memoryBytes: null })
    await docker.removeContainer(id)
    await expect(docker.containerStats(id)).rejects.toMatchObject({ code: 'container_missing' })
  })
})

describe('a volume', () => {
  it('is made once, found with its labels, and removed', async () => {
    const name = freshName('data')
    const labels = { 'io.quayside.test': name }
    onTestFinished(() => docker.removeVolume(name))
    expect(await docker.inspectVolume(name)).toBeNull()
    expect(await docker.ensureVolume({ name, labels })).toEqual({ created: true })
    expect(await docker.ensureVolume({ name, labels })).toEqual({ created: false })
    expect(await docker.inspectVolume(name)).toEqual({ name, labels })
    const { id } = await create({ volumes: { '/data': name } })
    await expect(docker.removeVolume(name)).rejects.toMatchObject({ code: 'docker_failed' })
    await docker.removeContainer(id)
    expect(await docker.inspectVolume(name)).toEqual({ name, labels })
    await docker.removeVolume(name)
    await docker.removeVolume(name)
    expect(await docker.inspectVolume(name)).toBeNull()
  })
})

describe('events', () => {
  it('tell of containers with the label alone, in order, and end quietly on abort', async () => {
    const labels = { 'io.quayside.test': freshName('watched') }
    const controller = new AbortController()
    const seen: DockerEvent[] = []
    const watching = (async () => {
      for await (const event of docker.events(labels, { signal: controller.signal })) {
        seen.push(event)
      }
    })()
    // A stream that is open has told of the first event; the others follow in order.
    const first = await create({ labels })
    await expect
      .poll(async () => {
        if (seen.length === 0) await docker.renameContainer(first.id, freshName('idle'))
        return seen.length
      })
      .toBeGreaterThan(0)
    made.push(first.id)
    const { id } = await create({ labels })
    await create()
    await docker.startContainer(id)
    await docker.stopContainer(id, 0)
    await docker.removeContainer(id)
    const actions = () => seen.filter((one) => one.containerId === id).map((one) => one.action)
    await expect
      .poll(actions)
      .toEqual(expect.arrayContaining(['create', 'start', 'die', 'destroy']))
    expect(seen.every((one) => one.containerId === id || one.containerId === first.id)).toBe(true)
    expect(seen.at(-1)).toMatchObject({ labels, at: expect.closeTo(Date.now(), -5) as number })
    controller.abort()
    await watching
  })
})
