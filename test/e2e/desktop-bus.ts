import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { stringsBody, type BusMessage } from '../../electron/desktop/dbus-message.ts'
import { connectSessionBus } from '../../electron/desktop/session-bus.ts'

/** A notification as the desktop was asked to show it. */
export interface ShownNotification {
  readonly title: string
  readonly body: string
  /** As a user's click on it. */
  click(): void
}

/** The parts of a Linux desktop that a tray and notifications need, on the session's message bus. */
export interface Desktop {
  readonly notifications: readonly ShownNotification[]
  /** The menu of the icon that was registered last: each entry's label, submenus after their entry. */
  menu(): Promise<{ id: number; label: string }[]>
  /** Clicks the first entry with this label behind the one named `under`. */
  choose(label: string, under?: string): Promise<void>
  /** Leaves the bus, as a desktop does that ends. */
  close(): void
}

const watcher = 'org.kde.StatusNotifierWatcher'
const daemon = 'org.freedesktop.Notifications'
const menuName = 'com.canonical.dbusmenu'

/**
 * A desktop of our own: no program that shows trays or notifications runs without a real one. The app
 * and its libraries speak to it over the real bus, by the protocols that desktops speak.
 */
export async function openDesktop(env: NodeJS.ProcessEnv): Promise<Desktop> {
  const notifications: ShownNotification[] = []
  const items: string[] = []
  const bus = await connectSessionBus({
    env,
    onMessage: (message) => {
      if (message.type === 'call') bus.send(answer(message))
    },
    onClose: () => undefined,
  })

  function answer(call: BusMessage): Omit<BusMessage, 'serial'> {
    const reply = {
      type: 'reply',
      replySerial: call.serial,
      ...(call.sender !== undefined && { destination: call.sender }),
    } as const
    switch (call.member) {
      case 'Get':
        // A variant: IsStatusNotifierHostRegistered is true.
        return { ...reply, signature: 'v', body: Buffer.from('\x01b\0\0\x01\0\0\0', 'latin1') }
      case 'RegisterStatusNotifierItem':
        if (call.sender !== undefined) items.push(call.sender)
        return reply
      case 'GetServerInformation':
        return { ...reply, ...stringsBody('desktop', 'tests', '1', '1.2') }
      case 'GetCapabilities': {
        // An array of strings: its length in bytes goes before them.
        const { body } = stringsBody('body', 'actions')
        return { ...reply, signature: 'as', body: Buffer.concat([u32(body.length), body]) }
      }
      case 'Notify':
        notifications.push(notified(call.body ?? Buffer.alloc(0), notifications.length + 1))
        return { ...reply, signature: 'u', body: u32(notifications.length) }
      default:
        return { ...reply, type: 'error' }
    }
  }

  function notified(body: Buffer, id: number): ShownNotification {
    const [, , title = '', text = ''] = notifyStrings(body)
    return {
      title,
      body: text,
      click() {
        const action = stringsBody('default').body
        bus.send({
          type: 'signal',
          path: '/org/freedesktop/Notifications',
          interface: daemon,
          member: 'ActionInvoked',
          signature: 'us',
          body: Buffer.concat([u32(id), action]),
        })
      },
    }
  }

  const path = `/${menuName.replaceAll('.', '/')}`
  async function send(...args: readonly string[]): Promise<string> {
    const item = items.at(-1)
    if (item === undefined) throw new Error('no icon was registered')
    const options = ['--session', `--dest=${item}`, ...args]
    try {
      return (await promisify(execFile)('dbus-send', options)).stdout
    } catch (thrown) {
      // Another app on this bus had its icon here and has gone since.
      if (!String(thrown).includes('ServiceUnknown')) throw thrown
      // By its name: another one may have registered meanwhile.
      items.splice(items.indexOf(item), 1)
      if (items.length === 0) throw thrown
      return send(...args)
    }
  }

  async function menu(): Promise<{ id: number; label: string }[]> {
    // Everything below the root, every property.
    const printed = await send(
      ...['--print-reply', path, `${menuName}.GetLayout`],
      ...['int32:0', 'int32:-1', 'array:string:'],
    )
    return printed.split(/struct \{\s*int32 /).flatMap((part) => {
      const label = /string "label"\s+variant\s+string "(.*)"/.exec(part)?.[1]
      return label === undefined ? [] : [{ id: Number.parseInt(part), label }]
    })
  }

  for (const name of [watcher, daemon]) {
    const { signature, body } = stringsBody(name)
    await bus.call({
      destination: 'org.freedesktop.DBus',
      path: '/org/freedesktop/DBus',
      interface: 'org.freedesktop.DBus',
      member: 'RequestName',
      signature: `${signature}u`,
      body: Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4), u32(0)]),
    })
  }
  return {
    notifications,
    menu,
    async choose(label, under) {
      const entries = await menu()
      const from = under === undefined ? 0 : entries.findIndex((entry) => entry.label === under)
      const entry = from < 0 ? undefined : entries.slice(from).find((one) => one.label === label)
      if (entry === undefined) throw new Error(`${label} is not in ${JSON.stringify(entries)}`)
      const event = [`int32:${entry.id}`, 'string:clicked', 'variant:int32:0', 'uint32:0']
      // Without an answer: the app may be gone before it gives one.
      await send('--type=method_call', path, `${menuName}.Event`, ...event)
    },
    close: () => bus.close(),
  }
}

/** The strings that a call of Notify begins with: app, icon, title, text; a number is the second. */
function notifyStrings(body: Buffer): string[] {
  let at = 0
  const string = () => {
    at = Math.ceil(at / 4) * 4
    const length = body.readUInt32LE(at)
    const text = body.toString('utf8', at + 4, at + 4 + length)
    at += 5 + length
    return text
  }
  const app = string()
  at = Math.ceil(at / 4) * 4 + 4
  return [app, string(), string(), string()]
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
