import type { Log } from '../domain/ports.ts'
import { stringsBody, type BusMessage } from './dbus-message.ts'
import { connectSessionBus, type SessionBus } from './session-bus.ts'

/** Who keeps the icons of a Linux desktop; GNOME has none without an extension. */
const watcher = 'org.kde.StatusNotifierWatcher'

const rules = [
  `type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg0='${watcher}'`,
  `type='signal',interface='${watcher}',member='StatusNotifierHostRegistered'`,
  `type='signal',interface='${watcher}',member='StatusNotifierHostUnregistered'`,
]

export interface TrayPlaceDeps {
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
  log: Log
  /** Told once at the start, and whenever it changes. */
  onChange: (there: boolean) => void
}

/**
 * Finds out whether this desktop shows tray icons, and follows it. macOS and Windows always do; on
 * Linux a program has to have registered as the one that shows them. Returns the way to stop.
 */
export function followTrayPlace({ env, platform, log, onChange }: TrayPlaceDeps): () => void {
  let stopped = false
  let bus: SessionBus | undefined
  let last: boolean | undefined
  const tell = (there: boolean) => {
    if (stopped || there === last) return
    last = there
    onChange(there)
  }
  if (platform !== 'linux') {
    tell(true)
    return () => undefined
  }

  const ask = async () => {
    if (bus !== undefined) tell(await isShown(bus))
  }
  const follow = async () => {
    bus = await connectSessionBus({
      env,
      onMessage: () => void ask(),
      onClose: () => tell(false),
    })
    if (stopped) return bus.close()
    for (const rule of rules) await bus.call(busCall('AddMatch', rule))
    await ask()
  }
  follow().catch((thrown: unknown) => {
    log.info('this desktop has no message bus to ask for a tray', { reason: String(thrown) })
    tell(false)
  })
  return () => {
    stopped = true
    bus?.close()
  }
}

function busCall(member: string, text: string): Omit<BusMessage, 'type' | 'serial'> {
  const name = 'org.freedesktop.DBus'
  const body = stringsBody(text)
  return { destination: name, path: '/org/freedesktop/DBus', interface: name, member, ...body }
}

/** Whether somebody shows the icons that the watcher keeps. */
async function isShown(bus: SessionBus): Promise<boolean> {
  try {
    const { body, signature } = await bus.call({
      destination: watcher,
      path: '/StatusNotifierWatcher',
      interface: 'org.freedesktop.DBus.Properties',
      member: 'Get',
      ...stringsBody(watcher, 'IsStatusNotifierHostRegistered'),
    })
    // A variant with a boolean: its signature (three bytes), padded to four, and the value.
    return signature === 'v' && body?.length === 8 && body.readUInt32LE(4) === 1
  } catch {
    // Nobody has that name, which is the answer.
    return false
  }
}
