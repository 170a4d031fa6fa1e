import { KeyObject } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import ssh2 from 'ssh2'
import { expect, it } from 'vitest'
import { quickenCiphers } from './cipher-keys.ts'

// Where ssh2 looks different one day a tunnel only gets slower, which nothing else would tell.
it('finds the keys of ssh2’s AES-GCM, and data still passes', async () => {
  const { private: hostKey } = ssh2.utils.generateKeyPairSync('ed25519')
  const algorithms: ssh2.Algorithms = { cipher: ['aes128-gcm@openssh.com'] }
  const server = new ssh2.Server({ hostKeys: [hostKey], algorithms }, (connection) => {
    connection.on('error', () => undefined)
    connection.on('authentication', (login) => login.accept())
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
  const echo = await new Promise<string>((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, '127.0.0.1', 1, (error, channel) => {
      if (error) return reject(error)
      channel.once('data', (chunk: Buffer) => resolve(chunk.toString()))
      channel.write('over and back')
    })
  })
  expect(echo).toBe('over and back')
  client.end()
  server.close()
})
