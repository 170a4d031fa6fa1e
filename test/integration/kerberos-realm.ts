import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, vi } from 'vitest'
import { freePort } from './ssh-server.ts'

// A real key distribution centre on the loopback, for the rest of a test. Whatever that starts meanwhile
// (sshd with the keys of `localhost`, ssh with a ticket) finds its files by the environment, as it finds
// a machine's own in /etc: https://web.mit.edu/kerberos/krb5-1.20/doc/user/user_config/kerberos.html

export interface KerberosRealm {
  /** Gets a ticket for `root`, with the password. */
  login(): void
  /** Throws the ticket away. */
  logout(): void
}

const realm = 'QUAYSIDE.TEST'
const password = 'correct horse'

export async function startKerberosRealm(): Promise<KerberosRealm> {
  const folder = mkdtempSync(join(tmpdir(), 'quayside-krb5-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = (name: string) => join(folder, name)
  const port = await freePort()
  const address = `127.0.0.1:${port}`
  writeFileSync(
    file('krb5.conf'),
    `[libdefaults]
  default_realm = ${realm}
  dns_lookup_kdc = false
  dns_canonicalize_hostname = false
[realms]
  ${realm} = {
    kdc = ${address}
  }
[domain_realm]
  localhost = ${realm}
`,
  )
  writeFileSync(
    file('kdc.conf'),
    `[kdcdefaults]
  kdc_listen = ${address}
  kdc_tcp_listen = ${address}
[realms]
  ${realm} = {
    database_name = ${file('principal')}
    key_stash_file = ${file('stash')}
  }
`,
  )
  const env = {
    KRB5_CONFIG: file('krb5.conf'),
    KRB5_KDC_PROFILE: file('kdc.conf'),
    KRB5_KTNAME: file('keytab'),
    KRB5CCNAME: `FILE:${file('tickets')}`,
  }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())

  const run = (program: string, words: readonly string[], input = '') =>
    execFileSync(program, words, { input, stdio: ['pipe', 'ignore', 'pipe'] })
  run('kdb5_util', ['create', '-s', '-r', realm, '-P', 'master'])
  run('kadmin.local', ['addprinc', '-pw', password, 'root'])
  run('kadmin.local', ['addprinc', '-randkey', 'host/localhost'])
  run('kadmin.local', ['ktadd', '-k', file('keytab'), 'host/localhost'])
  const centre = spawn('krb5kdc', ['-n'], { stdio: 'ignore' })
  onTestFinished(async () => {
    const ended = once(centre, 'exit')
    centre.kill('SIGTERM')
    await ended
  })
  await vi.waitUntil(() => answers(port), { timeout: 10_000 })
  return {
    login: () => void run('kinit', ['root'], `${password}\n`),
    logout: () => void run('kdestroy', []),
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
