import { describe, expect, it } from 'vitest'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { runOn, type CoreParts } from '../cli-test-bench.ts'
import { someDatabase, someHost } from '../cli-test-things.ts'

type Tell = Parameters<NonNullable<CoreParts['onEvent']>>[0]
const shop = someDatabase()
const view = {
  databaseId: shop.id,
  localPort: 15432,
  remotePort: 5432,
  movedFrom: null,
  armed: false,
  elsewhere: false,
  clients: [],
  openedAt: 0,
}
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

  it('closes with code 0 when nobody is there to read where it is', async () => {
    const { core, closed } = tunnelCore([ready], () => undefined)
    const said = await runOn({ core, reads: 0 }, 'tunnel', 'shop')
    expect(said).toEqual({ code: 0, stdout: '', stderr: '' })
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

  it('wants names or --all, and a port for one database only', async () => {
    expect((await runOn({}, 'tunnel')).code).toBe(2)
    expect((await runOn({}, 'tunnel', 'shop', '--all')).code).toBe(2)
    expect((await runOn({}, 'tunnel', 'shop', 'blog', '--port', '6000')).code).toBe(2)
    expect((await runOn({}, 'tunnel', '--all', '--port', '6000')).code).toBe(2)
  })

  it('says where a tunnel has moved from', async () => {
    let interrupt = () => undefined as void
    const { core } = tunnelCore([ready], () => void setTimeout(() => interrupt(), 10))
    const open = () => Promise.resolve({ ...view, movedFrom: 15431 })
    const { stdout, stderr } = await runOn(
      {
        core: { ...core, tunnels: { ...core.tunnels, open } },
        onStart: (press) => (interrupt = press),
      },
      ...['tunnel', 'shop'],
    )
    expect(stderr).toBe('Port 15431 is taken, so shop is at port 15432 now.\n')
    expect(stdout).toContain('127.0.0.1:15432')
  })
})

describe('several tunnels', () => {
  const blogId = databaseIdSchema.parse('33333333-3333-4333-8333-333333333333')
  const blog = someDatabase({ id: blogId, name: 'blog' })
  const trashed = someDatabase({ name: 'old', status: 'trash' })

  it('prints a line for each, tells the one that is given up and holds the others', async () => {
    let interrupt = () => undefined as void
    let blogIsGone = false
    const { core, closed } = tunnelCore([ready], (tell) => {
      setTimeout(() => {
        blogIsGone = true
        tell({ type: 'changed', topic: 'databases' })
      }, 10)
      setTimeout(() => interrupt(), 30)
    })
    const open: NonNullable<CoreParts['tunnels']>['open'] = ({ databaseId }) =>
      databaseId === blogId && blogIsGone
        ? Promise.reject(new QuaysideError('busy', 'blog is in the trash.'))
        : Promise.resolve({ ...view, databaseId })
    const { code, stdout, stderr } = await runOn(
      {
        core: {
          ...core,
          databases: { list: () => Promise.resolve([shop, blog, trashed]) },
          tunnels: { ...core.tunnels, open },
        },
        onStart: (press) => (interrupt = press),
      },
      ...['tunnel', '--all', '--json'],
    )
    expect(code).toBe(0)
    const names = stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(names).toMatchObject([{ name: shop.name }, { name: 'blog' }])
    expect(stderr).toContain('The tunnel to blog is closed: blog is in the trash.')
    expect(closed).toEqual([blogId, shop.id])
  })
})
