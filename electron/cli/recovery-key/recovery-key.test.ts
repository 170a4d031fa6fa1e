import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { destinationIdSchema, type DestinationView } from '../../../shared/contract/destinations.ts'
import { runOn, type CoreParts } from '../cli-test-bench.ts'

const text = 'ABCDE-FGHJK-MNPQR'
const cold: DestinationView = {
  name: 'cold',
  kind: 'somewhere',
  kindLabel: 'Somewhere',
  place: 'far',
  offSite: true,
  config: {},
  secrets: [],
  createdAt: 0,
  lastCheck: null,
  id: destinationIdSchema.parse(randomUUID()),
}

function core(savedAt: number | null = null): { parts: CoreParts; seen: unknown[] } {
  const seen: unknown[] = []
  const note = <T>(answer: T) => {
    return (input: unknown) => {
      seen.push(input)
      return Promise.resolve(answer)
    }
  }
  return {
    seen,
    parts: {
      destinations: {
        list: () => Promise.resolve([cold]),
        rotateKey: note({ keyId: randomUUID(), createdAt: 1 }),
      },
      recoveryKey: {
        status: () => Promise.resolve({ exists: true, savedAt }),
        reveal: () => Promise.resolve({ text }),
        confirm: note({ exists: true, savedAt: 1 }),
        enter: note({ keys: 2, adopted: true }),
      },
    },
  }
}

describe('recovery-key', () => {
  it('show prints the key alone on stdout, and what to do with it beside', async () => {
    const shown = await runOn({ core: core().parts }, 'recovery-key', 'show')
    expect(shown).toMatchObject({ code: 0, stdout: `${text}\n` })
    expect(shown.stderr).toContain('recovery-key confirm')
    expect((await runOn({ core: core(1).parts }, 'recovery-key', 'show')).stderr).toBe('')
  })

  it('no other command prints the key', async () => {
    for (const words of [['status'], ['confirm', '--secret-stdin']]) {
      const { parts } = core()
      const { code, stdout, stderr } = await runOn(
        { core: parts, stdin: `${text}\n` },
        'recovery-key',
        ...words,
      )
      expect(code).toBe(0)
      expect(stdout + stderr).not.toContain(text)
    }
  })

  it('confirm and enter take it from standard input, or ask on a terminal without showing it', async () => {
    const { parts, seen } = core()
    await runOn({ core: parts, stdin: `${text}\n` }, 'recovery-key', 'confirm', '--secret-stdin')
    const asked = await runOn(
      { core: parts, terminal: true, stdin: `${text}\r` },
      ...['recovery-key', 'enter', 'cold'],
    )
    expect(seen).toEqual([{ text }, { destinationId: cold.id, text }])
    expect(asked.stdout).toContain('2 keys open the backups at cold.')
    expect(asked.stdout + asked.stderr).not.toContain(text)
  })

  it('nothing is asked where there is no terminal, and the key is no argument', async () => {
    const { parts, seen } = core()
    const missing = await runOn({ core: parts }, 'recovery-key', 'enter', 'cold')
    expect(missing).toMatchObject({ code: 2, stdout: '' })
    expect(missing.stderr).toContain('--secret-file')
    expect((await runOn({ core: parts }, 'recovery-key', 'confirm', text)).code).toBe(2)
    expect(seen).toEqual([])
  })

  it('a destination gets a new key', async () => {
    const { parts, seen } = core()
    const { code, stdout } = await runOn({ core: parts }, 'destination', 'rotate-key', 'cold')
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Backups at cold get a new key from now on.\n',
    })
    expect(seen).toEqual([{ id: cold.id }])
  })
})
