import { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import ssh2 from 'ssh2'
import { expect, it, vi } from 'vitest'
import { quickenCiphers } from './quick-ciphers.ts'

// Where ssh2 looks different one day a tunnel only gets slower, which nothing else would tell.
it('finds the keys of ssh2’s AES-GCM, a packet leaves in one write, and data still passes', async () => {
  const { private: hostKey } = ssh2.utils.generateKeyPairSync('ed25519')
  const algorithms: ssh2.Algorithms = { cipher: ['aes128-gcm@openssh.com'] }
  let rekey = (): void => undefined
  const server = new ssh2.Server({ hostKeys: [hostKey], algorithms }, (connection) => {
    connection.on('error', () => undefined)
    connection.on('authentication', (login) => login.accept())
    rekey = () => connection.rekey()
    connection.on('ready', () =>
      connection.on('tcpip', (accept) => {
        const channel = accept()
        channel.pipe(channel)
      }),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = new ssh2.Client()
  const { port } = server.address() as AddressInfo
  client.connect({ host: '127.0.0.1', port, username: 'x', algorithms })
  await once(client, 'ready')
  quickenCiphers(client)
  const protocol: unknown = Reflect.get(client, '_protocol')
  expect(protocol).toMatchObject({
    _cipher: { _encKey: expect.any(KeyObject) as unknown },
    _decipher: { _decipherKey: expect.any(KeyObject) as unknown },
  })
  const channel = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, '127.0.0.1', 1, (error, opened) =>
      error ? reject(error) : resolve(opened),
    )
  })
  const socket = Reflect.get(client, '_sock') as Socket
  const writes = vi.spyOn(socket, 'write')
  // A new exchange of keys makes new ciphers, which are quickened too.
  for (const text of ['over and back', 'and once more']) {
    channel.write(text)
    expect(writes).toHaveBeenCalledTimes(1)
    const [echo] = (await once(channel, 'data')) as [Buffer]
    expect(echo.toString()).toBe(text)
    const again = once(client, 'handshake')
    rekey()
    await again
    writes.mockClear()
  }
  client.end()
  server.close()
})
