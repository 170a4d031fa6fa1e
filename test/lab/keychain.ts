import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabContext } from './context.ts'
import { LabError } from './lab-error.ts'
import { endProcess, startDetached, waitUntil } from './processes.ts'
import { runProgram } from '../../scripts/program.ts'

/** What a program needs in its environment to use the lab's keychain. */
export function keychainEnvironment(lab: LabContext): Record<string, string> {
  const folder = join(lab.instance.folder, 'keychain')
  return {
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/run/bus`,
    XDG_RUNTIME_DIR: `${folder}/run`,
  }
}

/** A message bus of the lab's own, and an unlocked keychain on it. */
export async function ensureKeychain(lab: LabContext): Promise<void> {
  const folder = join(lab.instance.folder, 'keychain')
  for (const part of ['run', 'data', 'home']) {
    mkdirSync(join(folder, part), { recursive: true, mode: 0o700 })
  }
  if (!lab.running('bus')) await startBus(lab, folder)
  if (!lab.running('keyring')) await startKeyring(lab, folder)
}

/** Ends the keychain's daemon; the bus stays, and nothing on it answers to secrets. */
export async function endKeyring(lab: LabContext): Promise<void> {
  await endProcess(lab.running('keyring'))
  lab.forget('keyring')
}

async function startBus(lab: LabContext, folder: string): Promise<void> {
  const configFile = join(folder, 'bus.conf')
  const socket = join(folder, 'run', 'bus')
  rmSync(socket, { force: true })
  writeFileSync(configFile, busConfig(socket))
  const record = await startDetached({
    command: ['dbus-daemon', `--config-file=${configFile}`, '--nofork', '--nopidfile'],
    labId: lab.instance.id,
    logFile: join(folder, 'bus.log'),
  })
  lab.remember('bus', record)
  if (await waitUntil(() => busKnows(lab, 'org.freedesktop.DBus'), { patience: 10_000 })) return
  throw new LabError(`The message bus does not answer: see ${folder}/bus.log`)
}

async function startKeyring(lab: LabContext, folder: string): Promise<void> {
  const inputFile = join(folder, 'unlock')
  writeFileSync(inputFile, 'lab', { mode: 0o600 })
  const record = await startDetached({
    command: ['gnome-keyring-daemon', '--foreground', '--unlock', '--components=secrets'],
    labId: lab.instance.id,
    logFile: join(folder, 'keyring.log'),
    inputFile,
    env: {
      ...keychainEnvironment(lab),
      HOME: join(folder, 'home'),
      XDG_DATA_HOME: join(folder, 'data'),
    },
  })
  lab.remember('keyring', record)
  const ready = () => busKnows(lab, 'org.freedesktop.secrets')
  if (await waitUntil(ready, { patience: 10_000 })) return
  throw new LabError(`The keychain does not answer: see ${folder}/keyring.log`)
}

async function busKnows(lab: LabContext, name: string): Promise<boolean> {
  const bus = keychainEnvironment(lab)['DBUS_SESSION_BUS_ADDRESS'] ?? ''
  const { code, stdout } = await runProgram('dbus-send', [
    ...[`--bus=${bus}`, '--print-reply', '--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'],
    ...['org.freedesktop.DBus.NameHasOwner', `string:${name}`],
  ])
  return code === 0 && stdout.includes('true')
}

// No folders of services: the bus starts nothing by itself, so a keychain that is stopped is absent.
function busConfig(socket: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`
}
