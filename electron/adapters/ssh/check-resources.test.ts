import { describe, expect, it } from 'vitest'
import { judgeClock, judgeDisk } from './check-resources.ts'

const disk = (freeBytes: number, totalBytes: number) =>
  judgeDisk({ freeBytes, totalBytes }, 8e9, '/var/lib/docker', 'ams-1')

describe('a host’s disk', () => {
  it('is told, and no warning while there is room', () => {
    expect(disk(212e9, 400e9)).toEqual({
      fact: '212 GB of 400 GB free, 8.0 GB memory',
      warning: null,
    })
  })

  it.each([
    [1.9e9, 20e9],
    [19e9, 400e9],
  ])('with %d of %d bytes free is a warning with a remedy', (free, total) => {
    expect(disk(free, total).warning).toMatchObject({
      code: 'disk_full',
      remedy: 'df -h /var/lib/docker && sudo docker system df',
    })
  })

  it('that the host does not tell of is no warning', () => {
    expect(judgeDisk(null, 0, '/x', 'ams-1')).toEqual({
      fact: 'disk unknown, memory unknown',
      warning: null,
    })
  })
})

describe('a host’s clock', () => {
  it.each([
    [900, 'right', undefined],
    [-12_000, '12 s behind this computer', undefined],
    [31_000, '31 s ahead of this computer', 'clock_wrong'],
    [-3_600_000, '3600 s behind this computer', 'clock_wrong'],
  ])('that differs by %d ms', (skew, fact, code) => {
    const found = judgeClock(skew, 'ams-1')
    expect([found.fact, found.warning?.code]).toEqual([fact, code])
  })
})
