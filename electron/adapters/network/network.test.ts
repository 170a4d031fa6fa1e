import type { NetworkInterfaceInfo } from 'node:os'
import { expect, test, vi } from 'vitest'
import { watchNetwork } from './index.ts'

const at = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  internal,
  netmask: '255.255.255.0',
  mac: '00:00:00:00:00:00',
  family: 'IPv4',
  cidr: `${address}/24`,
})

// No test may take this computer's real addresses away; the lab's test of it does so with its own.
test('tells each change of what leads elsewhere, and nothing else', async () => {
  let all: Record<string, NetworkInterfaceInfo[]> = {
    lo: [at('127.0.0.1', true)],
    wlan0: [at('192.168.1.20')],
  }
  let looks = 0
  const onChange = vi.fn()
  const stop = watchNetwork(onChange, { interfaces: () => (looks++, all), everyMs: 2 })
  const lookedAgain = async () => {
    const before = looks
    await expect.poll(() => looks, { interval: 2 }).toBeGreaterThan(before + 1)
  }
  await lookedAgain()
  expect(onChange).not.toHaveBeenCalled()
  all = { ...all, veth1: [at('169.254.3.4')] }
  await lookedAgain()
  expect(onChange).not.toHaveBeenCalled()
  all = { ...all, wlan0: [at('10.0.0.7')] }
  await lookedAgain()
  expect(onChange).toHaveBeenCalledTimes(1)
  all = { lo: [at('127.0.0.1', true)] }
  await lookedAgain()
  expect(onChange).toHaveBeenCalledTimes(2)
  stop()
})
