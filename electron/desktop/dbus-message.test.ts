import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMessage, encodeMessage, stringsBody, type BusMessage } from './dbus-message.ts'
import { busPath } from './session-bus.ts'

const call: BusMessage = {
  type: 'call',
  serial: 7,
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
  member: 'NameHasOwner',
  destination: 'org.freedesktop.DBus',
  ...stringsBody('org.kde.StatusNotifierWatcher'),
}

describe('a message of the bus', () => {
  it('is read as it was written, whatever its strings', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(text, text, (member, value) => {
        const message = { ...call, member, ...stringsBody(value, member) }
        expect(decodeMessage(encodeMessage(message))?.message).toEqual(message)
      }),
    )
  })

  it('is waited for until all of it is there, and leaves the next one alone', () => {
    const bytes = encodeMessage(call)
    for (let length = 0; length < bytes.length; length += 1)
      expect(decodeMessage(bytes.subarray(0, length))).toBeUndefined()
    const reply: BusMessage = { type: 'reply', serial: 2, replySerial: 7 }
    const both = decodeMessage(Buffer.concat([bytes, encodeMessage(reply)]))
    expect(decodeMessage(both?.rest ?? Buffer.alloc(0))?.message).toEqual({
      ...reply,
      body: Buffer.alloc(0),
    })
  })

  it('that claims to be huge is refused instead of waited for', () => {
    const bytes = encodeMessage(call)
    bytes.writeUInt32LE(1 << 30, 4)
    expect(() => decodeMessage(bytes)).toThrow('Not a bus message.')
  })
})

it.each([
  ['unix:path=/run/user/1000/bus', '/run/user/1000/bus'],
  ['unix:path=/run/user/1000/bus,guid=9a', '/run/user/1000/bus'],
  ['unix:guid=9a,path=/run/user/1000/bus', '/run/user/1000/bus'],
  ['unix:abstract=/tmp/dbus-a%3d,guid=9a', '\0/tmp/dbus-a='],
  ['tcp:host=localhost,port=1;unix:path=/b', '/b'],
  ['autolaunch:', undefined],
])('the address %s leads to %j', (address, path) => {
  expect(busPath({ DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: '/run/user/0' })).toBe(path)
})

it('without an address, the bus is where systemd has it', () => {
  expect(busPath({ XDG_RUNTIME_DIR: '/run/user/1000' })).toBe('/run/user/1000/bus')
  expect(busPath({})).toBeUndefined()
})
