import { describe, expect, it } from 'vitest'
import { runOn, type CoreParts } from '../cli-test-bench.ts'

const ready = { place: 'vault', state: 'ready', error: null } as const
const locked = { ...ready, state: 'locked' } as const

function vaultCore(passphrases: string[]): CoreParts {
  const take = ({ passphrase }: { passphrase: string }) => {
    passphrases.push(passphrase)
    return Promise.resolve(ready)
  }
  return {
    secrets: { status: () => Promise.resolve(locked), createVault: take, unlockVault: take },
    databases: { list: () => Promise.resolve([]) },
  }
}

describe('vault', () => {
  it('is made with a passphrase from standard input', async () => {
    const seen: string[] = []
    const bench = { core: vaultCore(seen), stdin: 'correct horse battery\n' }
    expect((await runOn(bench, 'vault', 'create', '--secret-stdin')).code).toBe(0)
    expect(seen).toEqual(['correct horse battery'])
  })

  it('is not made with a short passphrase', async () => {
    const { code, stderr } = await runOn({ stdin: 'short' }, 'vault', 'create', '--secret-stdin')
    expect(code).toBe(2)
    expect(stderr).toContain('12 characters')
  })

  it('is asked for when a command needs it, on a terminal only', async () => {
    const seen: string[] = []
    const core = vaultCore(seen)
    await runOn({ core }, 'db', 'list')
    expect(seen).toEqual([])
    await runOn({ core, terminal: true, stdin: 'open sesame\r' }, 'db', 'list')
    expect(seen).toEqual(['open sesame'])
  })
})
