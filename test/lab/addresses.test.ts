import { expect, it } from 'vitest'
import { freeSubnet, gateway, hardwareAddress, hostAddress, subnetsIn } from './addresses.ts'

it('finds the subnets that are in use in what ip says', () => {
  const said = `3: qla    inet 10.77.5.1/24 scope global qla
10.77.200.0/24 dev qlb proto kernel scope link src 10.77.200.1
192.0.2.0/24 via 110.77.9.1`
  expect(subnetsIn(said)).toEqual([5, 200, 200])
})

it('takes the next free subnet, past the end too, and none where none is free', () => {
  expect(freeSubnet([], 7)).toBe(7)
  expect(freeSubnet([254, 255, 0], 254)).toBe(1)
  expect(freeSubnet(Array(256).keys(), 3)).toBeUndefined()
})

it('keeps hosts apart from the gateway', () => {
  expect(gateway(9)).toBe('10.77.9.1')
  expect(hostAddress(9, 2)).toBe('10.77.9.12')
  expect(hardwareAddress(255, 10)).toBe('02:77:ff:00:00:0a')
})
