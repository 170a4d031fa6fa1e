import { KeyObject, randomBytes } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { Duplex, Transform } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import ssh2 from 'ssh2'
import { afterEach, expect, it, vi } from 'vitest'
import { quickenCiphers } from './quick-ciphers.ts'

const { private: hostKey } = ssh2.utils.generateKeyPairSync('ed25519')
const gcm = ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'] as const
interface Packets {
  allocPacket: (sent: number) => Buffer
}

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A channel of a real connection to what sends all back; `cut` says how its packets arrive. */
async function open(cipher: ssh2.CipherAlgorithm, cut = (chunk: Buffer) => [chunk]) {
  const algorithms: ssh2.Algorithms = { cipher: [cipher] }
  let rekey = (): void => undefined
  const server = new ssh2.Server({ hostKeys: [hostKey], algorithms }, (connection) => {
    connection.on('error', () => undefined)
    connection.on('authentication', (login) => login.accept())
    rekey = () => connection.rekey()
    connection.on('ready', () => {
      // As any other server it writes whole packets.
      quickenCiphers(connection as unknown as ssh2.Client)
      connection.on('tcpip', (accept) => {
        const channel = accept()
        channel.pipe(channel)
      })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const arriving = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (const piece of cut(chunk)) this.push(piece)
      done()
    },
  })
  const sock = Duplex.from({ readable: socket.pipe(arriving), writable: socket })
  const client = new ssh2.Client()
  ends.push(() => {
    client.on('error', () => undefined).end()
    server.close()
  })
  client.connect({ sock, username: 'x', algorithms })
  await once(client, 'ready')
  quickenCiphers(client)
  const channel = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, '127.0.0.1', 1, (error, opened) =>
      error ? reject(error) : resolve(opened),
    )
  })
  const again = async () => {
    const exchanged = once(client, 'handshake')
    rekey()
    await exchanged
  }
  return { client, channel, writes: vi.spyOn(sock, 'write'), again }
}

// Where ssh2 looks different one day a tunnel only gets slower, which nothing else would tell.
it.each(gcm)('knows ssh2’s %s; a packet leaves in one write, and data passes', async (name) => {
  const { client, channel, writes, again } = await open(name)
  // A new exchange of keys makes new ciphers, which are quickened too.
  for (const said of ['over and back', 'and once more']) {
    const protocol: unknown = Reflect.get(client, '_protocol')
    expect(protocol).toHaveProperty('_cipher.encrypt.name', 'sealNext')
    expect(protocol).toHaveProperty('_decipher.decrypt.name', 'openNext')
    expect(protocol).toHaveProperty('_decipher._decipherKey', expect.any(KeyObject))
    channel.write(said)
    expect(writes).toHaveBeenCalledTimes(1)
    const [echo] = (await once(channel, 'data')) as [Buffer]
    expect(echo.toString()).toBe(said)
    await again()
    writes.mockClear()
  }
})

it('lays a packet out as ssh2 does, its padding random', async () => {
  const { client } = await open('aes128-gcm@openssh.com')
  const cipher = Reflect.get(Reflect.get(client, '_protocol') as object, '_cipher') as Packets
  const theirs = Object.getPrototypeOf(cipher) as Packets
  expect(Object.hasOwn(cipher, 'allocPacket')).toBe(true)
  for (let sent = 0; sent < 40; sent++) {
    const [ours, its] = [cipher.allocPacket(sent), theirs.allocPacket(sent)]
    expect([ours.length, ours.subarray(0, 5)]).toEqual([its.length, its.subarray(0, 5)])
  }
  const paddings = Array.from({ length: 1_000 }, () => cipher.allocPacket(0).toString('hex', 5))
  expect(new Set(paddings).size).toBe(1_000)
})

it('writes a packet of another cipher in one piece as well', async () => {
  const { channel, writes } = await open('aes128-ctr')
  channel.write('over and back')
  expect(writes).toHaveBeenCalledTimes(1)
  channel.end()
  expect(await text(channel)).toBe('over and back')
})

it.each(gcm)('takes packets of %s as the network cuts them', async (name) => {
  let size = 0
  const cut = (chunk: Buffer) => {
    const pieces: Buffer[] = []
    for (let at = 0; at < chunk.length; at += size) {
      // Within a length, within a content, within a seal, between packets, behind several.
      size = 1 + ((size * 5 + 3) % 977) * (size % 2 === 0 ? 1 : 40)
      pieces.push(chunk.subarray(at, at + size))
    }
    return pieces
  }
  const { channel, again } = await open(name, cut)
  const back = buffer(channel)
  const sent: Buffer[] = []
  for (let round = 0; round < 60; round++) {
    const piece = randomBytes(1 + ((round * 2_741) % 70_000))
    sent.push(piece)
    channel.write(piece)
    if (round === 30) await again()
  }
  channel.end()
  expect((await back).equals(Buffer.concat(sent))).toBe(true)
})

it.each(gcm)('sends by %s what waited for new keys', async (name) => {
  const { client, channel } = await open(name)
  const back = buffer(channel)
  const sent: Buffer[] = []
  const send = (bytes: number) => {
    const piece = randomBytes(bytes)
    sent.push(piece)
    channel.write(piece)
  }
  // These are laid out for the old keys, and sealed by the new ones.
  const exchanged = once(client, 'handshake')
  const protocol = Reflect.get(client, '_protocol') as { rekey(): void }
  protocol.rekey()
  for (const bytes of [3, 40_000, 1, 70_000, 500]) send(bytes)
  await exchanged
  for (const bytes of [7, 33_000]) send(bytes)
  channel.end()
  expect((await back).equals(Buffer.concat(sent))).toBe(true)
})

it.each(gcm)('gives back memory that held packets of %s alone', async (name) => {
  let shared = false
  const came: { memory: ArrayBufferLike; bytes: number; shared: boolean }[] = []
  const { channel } = await open(name, (chunk) => {
    const piece = shared ? Buffer.concat([chunk, Buffer.alloc(1)]).subarray(0, -1) : chunk
    came.push({ memory: piece.buffer, bytes: chunk.length, shared })
    return [piece]
  })
  const sent: Buffer[] = []
  const back: Buffer[] = []
  channel.on('data', (piece: Buffer) => back.push(piece))
  for (let round = 0; round < 40; round++) {
    shared = round >= 20
    const piece = randomBytes(60_000)
    sent.push(piece)
    channel.write(piece)
    await vi.waitUntil(() => Buffer.concat(back).length === Buffer.concat(sent).length)
  }
  expect(Buffer.concat(back).equals(Buffer.concat(sent))).toBe(true)
  const large = came.filter(({ bytes }) => bytes >= 16 * 1024)
  const given = ({ memory }: (typeof came)[number]) =>
    memory instanceof ArrayBuffer && memory.detached
  expect(large.filter((one) => !one.shared && !given(one))).toEqual([])
  expect(large.filter((one) => one.shared && given(one))).toEqual([])
  expect(large.some((one) => one.shared)).toBe(true)
})

it.each(gcm)('ends the connection where a packet of %s was changed on the way', async (name) => {
  let change = false
  const cut = (chunk: Buffer) => {
    const last = chunk.length - 1
    if (change) chunk.writeUInt8(chunk.readUInt8(last) ^ 1, last)
    return [chunk]
  }
  const { client, channel } = await open(name, cut)
  const data = vi.fn()
  channel.on('data', data)
  change = true
  channel.write('over and back')
  const [error] = (await once(client, 'error')) as [Error]
  expect(error.message).toContain('unable to authenticate')
  expect(data).not.toHaveBeenCalled()
})

it('leaves alone what it does not know', () => {
  class AESGCMCipherNative {
    encrypt = 'moved'
  }
  class AESGCMDecipherNative {
    decrypt = () => 'theirs'
  }
  const [cipher, decipher] = [new AESGCMCipherNative(), new AESGCMDecipherNative()]
  const before = { ...decipher }
  const client = Object.assign(new EventEmitter(), {
    _protocol: { _cipher: cipher, _decipher: decipher },
  })
  quickenCiphers(client as unknown as ssh2.Client)
  quickenCiphers(new EventEmitter() as unknown as ssh2.Client)
  expect(cipher).toEqual({ encrypt: 'moved' })
  expect(decipher).toEqual(before)
})
