import { describe, expect, it } from 'vitest'
import { runOn, type CoreParts } from '../cli-test-bench.ts'
import { someDatabase, someHost } from '../cli-test-things.ts'

type Tell = Parameters<NonNullable<CoreParts['onEvent']>>[0]
const shop = someDatabase()
const view = { databaseId: shop.id, localPort: 15432, remotePort: 5432, clients: 0, openedAt: 0 }
const turn = () => new Promise((resolve) => setTimeout(resolve, 5))

/** A tunnel whose host is in the given state at each look. */
function tunnelCore(states: ReturnType<typeof someHost>[], onTell: (tell: Tell) => void) {
  const closed: string[] = []
  const core: CoreParts = {
    onEvent: (listener) => {
      onTell(listener)
      return () => undefined
    },
    hosts: {
      list: () =>
        Promise.resolve(
          [states.length > 1 ? states.shift() : states[0]].flatMap((host) => host ?? []),
        ),
    },
    databases: { list: () => Promise.resolve([shop]) },
    tunnels: {
      open: ({ localPort }) => Promise.resolve({ ...view, localPort: localPort ?? view.localPort }),

      close: ({ databaseId }) => {
        closed.push(databaseId)
        return Promise.resolve({})
      },
    },
  }
  return { core, closed }
}

const ready = someHost()
const lost = someHost({ status: { ...ready.status, state: 'lost' } })
const refused = someHost({
  status: {
    ...ready.status,
    state: 'refused',
    error: { code: 'login_refused', message: 'The login was refused.' },
  },
})
const changed = { type: 'changed', topic: 'hosts' } as const

describe('tunnel', () => {
  it('prints one JSON object when it is open, and closes at Ctrl-C with code 0', async () => {
    let interrupt = () => undefined as void
    const { core, closed } = tunnelCore([ready], () => void setTimeout(() => interrupt(), 10))
    const { code, stdout } = await runOn(
      { core, onStart: (press) => (interrupt = press) },
      ...['tunnel', 'shop', '--port', '6000', '--json'],
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ host: '127.0.0.1', port: 6000, remotePort: 5432 })
    expect(closed).toEqual([shop.id])
  })

  it('outlives the loss of its host and tells both turns', async () => {
    let interrupt = () => undefined as void
    const drive = async (tell: Tell) => {
      for (let i = 0; i < 3; i += 1) {
        await turn()
        tell(changed)
      }
      await turn()
      interrupt()
    }
    const { core } = tunnelCore([ready, lost, lost, ready], (tell) => void drive(tell))
    const { code, stderr } = await runOn(
      { core, onStart: (press) => (interrupt = press) },
      ...['tunnel', 'shop'],
    )
    expect(code).toBe(0)
    expect(stderr).toBe('ams-1 does not answer. The tunnel waits for it.\nams-1 answers again.\n')
  })

  it('ends with the code of what needs the user', async () => {
    const { core, closed } = tunnelCore([ready, refused], (tell) => {
      setTimeout(() => tell(changed), 5)
    })
    const { code, stderr } = await runOn({ core }, 'tunnel', 'shop')
    expect(code).toBe(7)
    expect(stderr).toContain('The login was refused.')
    expect(closed).toEqual([shop.id])
  })

  it('refuses a port that is none', async () => {
    expect((await runOn({}, 'tunnel', 'shop', '--port', '70000')).code).toBe(2)
  })
})
