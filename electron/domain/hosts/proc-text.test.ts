import { describe, expect, it } from 'vitest'
import {
  busyPercent,
  readClock,
  readCpuTimes,
  readDisk,
  readLoad,
  readMemory,
  readUptime,
} from './proc-text.ts'

describe('what /proc tells', () => {
  it('reads the CPU time, as real lines have it', () => {
    const before = readCpuTimes('cpu  4705 356 584 3699 23 0 23 0 0 0')
    const after = readCpuTimes('cpu  4735 356 594 3759 23 0 23 0 0 0')
    expect(before).toEqual({ busy: 5668, total: 9390 })
    expect(busyPercent(before, after)).toBe(40)
    expect(busyPercent(before, before)).toBeNull()
    expect(busyPercent(null, after)).toBeNull()
    expect(readCpuTimes('')).toBeNull()
    expect(readCpuTimes('intr 1 2 3 4')).toBeNull()
  })

  it('reads load and uptime', () => {
    expect(readLoad('0.20 1.18 12.12 1/80 11206')).toEqual({ one: 0.2, five: 1.18, fifteen: 12.12 })
    expect(readLoad('cat: /proc/loadavg: No such file')).toBeNull()
    expect(readUptime('350735.47 234388.90')).toBe(350_735_470)
    expect(readUptime('')).toBeNull()
  })

  it('reads the memory', () => {
    const text = [
      'MemTotal:       16303428 kB',
      'MemFree:          512000 kB',
      'MemAvailable:    8151714 kB',
      'Buffers:          100000 kB',
      'Cached:          2000000 kB',
      'SwapTotal:             0 kB',
      'SwapFree:              0 kB',
      'HugePages_Total:       0',
    ].join('\n')
    expect(readMemory(text)).toEqual({
      memory: { totalBytes: 16303428 * 1024, availableBytes: 8151714 * 1024 },
      swap: { totalBytes: 0, freeBytes: 0 },
    })
    const old = text.replace(/^MemAvailable.*\n/m, '')
    expect(readMemory(old).memory?.availableBytes).toBe(2_612_000 * 1024)
    expect(readMemory('')).toEqual({ memory: null, swap: null })
  })
})

describe('what df and date tell', () => {
  it('reads a file system, whatever its name', () => {
    const heading = 'Filesystem     1024-blocks     Used Available Capacity Mounted on'
    expect(readDisk(`${heading}\n/dev/sda1  41152736 20576368 18459936      53% /`)).toEqual({
      mount: '/',
      totalBytes: 41152736 * 1024,
      usedBytes: 20576368 * 1024,
      freeBytes: 18459936 * 1024,
    })
    expect(readDisk('//nas/my share 100 100 -5 100% /srv/my data')).toEqual({
      mount: '/srv/my data',
      totalBytes: 102400,
      usedBytes: 102400,
      freeBytes: 0,
    })
    expect(readDisk('none 0 0 0 - /run')?.mount).toBe('/run')
    expect(readDisk('')).toBeNull()
    expect(readDisk(heading)).toBeNull()
  })

  it('reads a clock with and without parts of a second', () => {
    expect(readClock('1763725704.250000000')).toBe(1763725704250)
    expect(readClock('1763725704.%N')).toBe(1763725704500)
    expect(readClock('')).toBeNull()
  })
})
