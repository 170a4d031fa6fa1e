import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { Client } from 'ssh2'
import type { LabAccount, LabHost } from './description.ts'

/** Runs a command over SSH; answers with all it says. */
export function ssh(
  { ssh: { host, port } }: LabHost,
  account: LabAccount,
  command: string,
): Promise<string> {
  const client = new Client()
  return new Promise<string>((resolve, reject) => {
    client.on('error', reject)
    client.on('ready', () => {
      client.exec(command, (error, channel) => {
        if (error) return reject(error)
        let said = ''
        const hear = (part: Buffer) => (said += part.toString())
        channel.on('data', hear).stderr.on('data', hear)
        channel.on('close', () => resolve(said))
      })
    })
    client.connect({
      host,
      port,
      username: account.user,
      ...(account.password !== undefined && { password: account.password }),
      ...(account.passphrase !== undefined && { passphrase: account.passphrase }),
      ...(account.keyPath !== undefined && { privateKey: readFileSync(account.keyPath) }),
    })
  }).finally(() => client.destroy())
}

/** Opens a TCP connection; rejects with `timeout` where nobody answers in so many milliseconds. */
export function reach(host: string, port: number, timeout = 5_000): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    const timer = setTimeout(() => socket.destroy(new Error('timeout')), timeout)
    socket.once('connect', () => {
      clearTimeout(timer)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

/** How long sshd takes to say its version, in milliseconds. */
export async function greeting(host: string, port: number): Promise<number> {
  const started = performance.now()
  const socket = await reach(host, port)
  try {
    return await new Promise((resolve, reject) => {
      socket.once('data', () => resolve(performance.now() - started))
      socket.setTimeout(1_000, () => reject(new Error('timeout')))
    })
  } finally {
    socket.destroy()
  }
}
