import { describe, expect, it } from 'vitest'
import { parseReading } from './cgroup-reading.ts'

const mark = 'Linux'
const network = [
  '    lo: 900 9 0 0 0 0 0 0 900 9 0 0 0 0 0 0',
  '  eth0: 1000 7 0 0 0 0 0 0 2000 5 0 0 0 0 0 0',
]

function answer(containers: { id: string; version: 1 | 2; files: string[][] }[]): string {
  return [
    ...containers.map(({ id, version }) => `container ${id} ${version}`),
    'host 5012.25 4 16000',
    ...containers.flatMap(({ files }) => files.flatMap((file) => [...file, mark])),
    'end',
    '',
  ].join('\n')
}

const v1 = [
  ['2500000000'],
  ['5000000'],
  ['9223372036854771712'],
  ['inactive_file 1', 'total_inactive_file 1000000'],
  ['8:0 Read 4096', '8:0 Write 8192', '8:16 Read 4096'],
  network,
]
const v2 = [
  ['usage_usec 2500000'],
  ['5000000'],
  ['8000000'],
  ['inactive_file 1000000'],
  ['8:0 rbytes=8192 wbytes=8192 rios=2 wios=2', '8:16 rbytes=0 wbytes=0'],
  network,
]
const counters = {
  cpuSeconds: 2.5,
  memoryBytes: 4_000_000,
  networkReceivedBytes: 1000,
  networkSentBytes: 2000,
  diskReadBytes: 8192,
  diskWrittenBytes: 8192,
}

describe('an answer of the host', () => {
  it('is read with version 1 of control groups', () => {
    const { containers, ...host } = parseReading(answer([{ id: 'a', version: 1, files: v1 }]))
    expect(host).toEqual({ uptime: 5012.25, cpus: 4, memoryBytes: 16_384_000 })
    expect(containers.get('a')).toEqual({ ...counters, memoryLimitBytes: null })
  })

  it('is read with version 2, and with a limit of its own', () => {
    const { containers } = parseReading(answer([{ id: 'a', version: 2, files: v2 }]))
    expect(containers.get('a')).toEqual({ ...counters, memoryLimitBytes: 8_000_000 })
    const free = v2.map((file, index) => (index === 2 ? ['max'] : file))
    const other = parseReading(answer([{ id: 'a', version: 2, files: free }]))
    expect(other.containers.get('a')?.memoryLimitBytes).toBeNull()
  })

  it('keeps containers apart when the files of one are gone', () => {
    const gone = v2.map(() => [])
    const { containers } = parseReading(
      answer([
        { id: 'a', version: 2, files: gone },
        { id: 'b', version: 2, files: v2 },
      ]),
    )
    expect([...containers.keys()]).toEqual(['b'])
    expect(containers.get('b')?.cpuSeconds).toBe(2.5)
  })

  it('knows no traffic where the process could not be looked at', () => {
    const files = v1.map((file, index) => (index === 5 ? [] : file))
    const { containers } = parseReading(answer([{ id: 'a', version: 1, files }]))
    expect(containers.get('a')).toMatchObject({ networkSentBytes: null, cpuSeconds: 2.5 })
  })

  it('may be about no container at all', () => {
    expect(parseReading(answer([])).containers.size).toBe(0)
  })

  it.each(['', 'sh: grep: not found\nend\n', 'host 1 2 3\n'])(
    'is refused when it is %j',
    (text) => {
      expect(() => parseReading(text)).toThrow('not in the expected form')
    },
  )
})
