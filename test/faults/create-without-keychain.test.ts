import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCommandLine, type CommandLine } from '../integration/cli-process.ts'
import { openLab, type Lab } from '../lab/lab.ts'
import { labVersion } from './lab-version.ts'

let lab: Lab
let quayside: CommandLine

beforeAll(async () => {
  lab = await openLab()
  quayside = await createCommandLine(lab.env)
  const ssh = lab.hosts[0]?.ssh
  if (ssh === undefined) throw new Error('the lab has no host')
  await quayside.json(
    ...['host', 'add', 'h1', '--address', ssh.host, '--port', String(ssh.port)],
    ...['--user', ssh.user, '--key', ssh.keyPath, '--accept-host-key', ssh.hostKeyFingerprint],
  )
})
afterAll(async () => {
  await lab.fault.keychain.start()
  await quayside.remove()
})

const create = ['db', 'create', 'no-keys', '--host', 'h1', '--version', labVersion]

test('an absent keychain is told before anything is made; with it the same create succeeds', async () => {
  await lab.fault.keychain.stop()
  const refused = await quayside.run(...create, '--json')
  expect(refused.code).toBe(9)
  expect(refused.stderr).toMatch(/keychain_(unavailable|locked)/)
  expect(await quayside.json('db', 'list')).toEqual([])
  expect(await quayside.json('job', 'list')).toEqual([])
  const { stdout } = await lab.docker('h1', ['ps', '-a', '-q', '--filter', 'name=no-keys'])
  expect(stdout.trim()).toBe('')

  await lab.fault.keychain.start()
  expect(await quayside.json(...create)).toMatchObject({ name: 'no-keys', status: 'running' })
  await quayside.json('db', 'delete', 'no-keys', '--confirm', 'no-keys')
  await quayside.json('db', 'purge', 'no-keys', '--confirm', 'no-keys')
})
