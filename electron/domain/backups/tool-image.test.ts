import { describe, expect, it } from 'vitest'
import { engineIdSchema } from '../../../shared/contract/engines.ts'
import { hostIdSchema } from '../../../shared/contract/hosts.ts'
import type { Engine } from '../../engines/engine.ts'
import { pickToolImage } from './tool-image.ts'

const hostId = hostIdSchema.parse('6fb0f4b4-1f3a-4b1e-9b5e-0f6c6a4c7c11')
const elsewhere = hostIdSchema.parse('6fb0f4b4-1f3a-4b1e-9b5e-0f6c6a4c7c12')

function engine(repository: string, ...versions: string[]): Pick<Engine, 'info' | 'server'> {
  return {
    info: {
      id: engineIdSchema.parse('some'),
      label: 'Some',
      versions: versions.map((version) => ({ version, label: version })),
      defaultPort: 1,
      icon: '',
      client: 'some',
    },
    server: ({ version }) => ({
      image: `${repository}:${version}`,
      env: {},
      command: [],
      port: 1,
      dataPath: '/data',
      files: [],
      shmBytes: 1,
      stopGraceSeconds: 1,
    }),
  }
}

const engines = [engine('one', '9', '8'), engine('mirror:5000/two', '3')]

/** What is picked where a host has these images, and what its Docker was asked for. */
async function pick(
  databases: Parameters<typeof pickToolImage>[0]['databases'],
  present: readonly string[],
): Promise<{ image: string; asked: readonly string[] | null }> {
  let asked: readonly string[] | null = null
  const image = await pickToolImage({ databases, engines }, hostId, (repositories) => {
    asked = repositories
    return Promise.resolve(present)
  })
  return { image, asked }
}

describe('the image for work on files of a host', () => {
  it('is that of a database there, without a question', async () => {
    const there = { hostId, state: 'ready', image: 'one:7.1' } as const
    expect(await pick([there], ['one:9'])).toEqual({ image: 'one:7.1', asked: null })
  })

  it('is one that the host has, the newest of those that are offered first', async () => {
    const asked = ['one', 'mirror:5000/two']
    expect(await pick([], ['mirror:5000/two:3', 'one:8'])).toEqual({ image: 'one:8', asked })
    expect(await pick([], ['one:7.1-small'])).toEqual({ image: 'one:7.1-small', asked })
  })

  it('is the newest of the first engine where the host has none, to be pulled', async () => {
    const others = [
      { hostId: elsewhere, state: 'ready', image: 'one:7.1' },
      { hostId, state: 'creating', image: 'one:7.2' },
    ] as const
    expect((await pick(others, [])).image).toBe('one:9')
  })
})
