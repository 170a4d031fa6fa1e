import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { errorDataSchema } from '../../shared/errors.ts'

const caller = fileURLToPath(new URL('./keychain-caller.ts', import.meta.url))

const answerSchema = z.object({
  value: z.unknown().optional(),
  error: errorDataSchema.optional(),
  ms: z.number(),
})
export type Answer = z.infer<typeof answerSchema>

/** A user's session with a bus and a keyring of its own, away from the machine's. */
export interface Desktop {
  /** Quayside's data folder in it. */
  readonly home: string
  /** Starts the keyring; without a password it stays locked. */
  startKeyring(password?: string): Promise<void>
  stopKeyring(): Promise<void>
  /** SIGSTOP and SIGCONT: a keyring that has been asked and does not answer. */
  freeze(): void
  thaw(): void
  /** Runs these calls one after another in a process of its own. */
  ask(calls: readonly (readonly string[])[], environment?: NodeJS.ProcessEnv): Promise<Answer[]>
  close(): Promise<void>
}

/** What these tests need of the machine. */
export const hasKeyring =
  process.platform === 'linux' &&
  ['/usr/bin/gnome-keyring-daemon', '/usr/bin/dbus-daemon'].every((path) => existsSync(path))

/** Starts a bus; the keyring comes when it is asked for. */
export async function openDesktop(): Promise<Desktop> {
  const folder = mkdtempSync(join(tmpdir(), 'quayside-desktop-'))
  const [runtime, data, home] = ['run', 'data', 'home'].map((name) => {
    const path = join(folder, name)
    mkdirSync(path, { mode: 0o700 })
    return path
  }) as [string, string, string]
  const env: NodeJS.ProcessEnv = {
    PATH: process.env['PATH'],
    HOME: folder,
    XDG_RUNTIME_DIR: runtime,
    XDG_DATA_HOME: data,
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(runtime, 'bus')}`,
  }
  const bus = spawn(
    'dbus-daemon',
    ['--session', '--nofork', `--address=${env['DBUS_SESSION_BUS_ADDRESS'] ?? ''}`],
    {
      env,
      stdio: 'ignore',
    },
  )
  await until(() => existsSync(join(runtime, 'bus')))
  let keyring: ChildProcess | null = null

  const stopKeyring = async (): Promise<void> => {
    if (keyring !== null) await end(keyring)
    keyring = null
  }
  return {
    home,
    async startKeyring(password) {
      await stopKeyring()
      const how = password === undefined ? '--start' : '--unlock'
      keyring = spawn('gnome-keyring-daemon', [how, '--foreground', '--components=secrets'], {
        env,
        stdio: ['pipe', 'ignore', 'ignore'],
      })
      keyring.stdin?.end(password ?? '')
      await until(() => ownsSecrets(env))
    },
    stopKeyring,
    freeze: () => void keyring?.kill('SIGSTOP'),
    thaw: () => void keyring?.kill('SIGCONT'),
    async ask(calls, environment = env) {
      const child = spawn(process.execPath, [caller], {
        env: environment,
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      child.stdin.end(JSON.stringify({ home, calls }))
      const [written] = await Promise.all([text(child.stdout), once(child, 'exit')])
      // The caller's own code, so that an exit by force is seen to keep it.
      if (child.exitCode !== 7) throw new Error(`It ended with ${String(child.exitCode)}.`)
      return z.array(answerSchema).parse(JSON.parse(written))
    },
    async close() {
      await stopKeyring()
      await end(bus)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function ownsSecrets(env: NodeJS.ProcessEnv): Promise<boolean> {
  const asked = spawn(
    'dbus-send',
    [
      '--session',
      '--print-reply',
      '--dest=org.freedesktop.DBus',
      '/org/freedesktop/DBus',
      'org.freedesktop.DBus.NameHasOwner',
      'string:org.freedesktop.secrets',
    ],
    { env, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  return (await text(asked.stdout)).includes('boolean true')
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await condition()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('The desktop session did not come up.')
}
