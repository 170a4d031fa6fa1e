import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseReading } from './cgroup-reading.ts'
import { cgroupScript } from './cgroup-script.ts'

// The script itself in a real shell, over folders made like those of the kernel: a machine has one
// version of control groups only.
const made: string[] = []
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true })
})

function host(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'quayside-cgroups-'))
  made.push(root)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

function read(root: string, ids: readonly string[]) {
  const script = cgroupScript.replace('/sys/fs/cgroup', root)
  const input = `${ids.join(' ')}\n`
  const shell = spawnSync('sh', ['-c', script], { input, encoding: 'utf8', timeout: 5_000 })
  // It ended with its input.
  expect(shell.status).toBe(0)
  return parseReading(shell.stdout).containers
}

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)]
const second = (folder: string) => ({
  [`${folder}/cpu.stat`]: 'usage_usec 2000000\nuser_usec 1\n',
  [`${folder}/memory.current`]: '5000\n',
  [`${folder}/memory.max`]: 'max\n',
  [`${folder}/memory.stat`]: 'anon 4000\ninactive_file 1000\n',
  [`${folder}/io.stat`]: '8:0 rbytes=10 wbytes=20 rios=1 wios=1\n',
  [`${folder}/cgroup.procs`]: `${process.pid}\n`,
})
const first = (parent: string) => ({
  [`cpuacct/${parent}/cpuacct.usage`]: '2000000000\n',
  [`memory/${parent}/memory.usage_in_bytes`]: '5000\n',
  [`memory/${parent}/memory.limit_in_bytes`]: '9000\n',
  [`memory/${parent}/memory.stat`]: 'cache 7\ntotal_inactive_file 1000\n',
  [`memory/${parent}/cgroup.procs`]: `${process.pid}\n`,
  [`blkio/${parent}/blkio.throttle.io_service_bytes`]: '8:0 Read 10\n8:0 Write 20\nTotal 30\n',
})
const expected = { cpuSeconds: 2, memoryBytes: 4000, diskReadBytes: 10, diskWrittenBytes: 20 }

describe('the script on a host', () => {
  it.each([
    [
      'version 2, systemd',
      { 'cgroup.controllers': '', ...second(`system.slice/docker-${a}.scope`) },
    ],
    ['version 2, cgroupfs', { 'cgroup.controllers': '', ...second(`docker/${a}`) }],
    [
      'version 2, a parent of its own',
      { 'cgroup.controllers': '', ...second(`x.slice/y.slice/docker-${a}.scope`) },
    ],
    ['version 1, systemd', first(`system.slice/docker-${a}.scope`)],
    ['version 1, cgroupfs', first(`docker/${a}`)],
    ['version 1, a parent of its own', first(`mine/${a}`)],
  ])('finds a container with %s', (_layout, files) => {
    const containers = read(host(files), [b, a, b])
    expect(containers.get(a)).toMatchObject(expected)
    expect(containers.get(a)?.networkReceivedBytes).toBeGreaterThanOrEqual(0)
    expect(containers.has(b)).toBe(false)
  })

  it('reads several, one of them half gone', () => {
    const files = { 'cgroup.controllers': '', ...second(`docker/${a}`), [`docker/${b}/x`]: '' }
    const containers = read(host(files), [b, a])
    expect([...containers.keys()]).toEqual([a])
    expect(containers.get(a)).toMatchObject(expected)
  })

  it('ends where there are no control groups', () => {
    const script = cgroupScript.replace('/sys/fs/cgroup', '/nowhere')
    expect(spawnSync('sh', ['-c', script], { input: 'x\n' }).status).toBe(3)
  })

  it('needs nothing that BusyBox lacks', () => {
    expect(() => execFileSync('sh', ['-n', '-c', cgroupScript])).not.toThrow()
    const programs = cgroupScript.match(/^\s*(?:\[.*\|\| )?(grep|cat|awk|sed|cut|head|sleep)\b/gm)
    expect(new Set(programs?.map((line) => line.trim().split(' ').at(-1)))).toEqual(
      new Set(['grep']),
    )
  })
})
