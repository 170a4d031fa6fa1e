import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const main = fileURLToPath(new URL('main.ts', import.meta.url))

function start(...argv: string[]): Promise<{ code: number; stdout: string; ms: number }> {
  const begun = performance.now()
  return new Promise((resolve) => {
    execFile(process.execPath, [main, ...argv], (error, stdout) => {
      const code = typeof error?.code === 'number' ? error.code : 0
      resolve({ code, stdout, ms: performance.now() - begun })
    })
  })
}

describe('the program', () => {
  it('prints the version of the package', async () => {
    expect(await start('--version')).toMatchObject({ code: 0, stdout: `${manifest.version}\n` })
  })

  // The bound is generous, for a machine that does other things too: an adapter loaded by mistake
  // costs more than all the rest.
  it('loads no adapter to show help', async () => {
    const runs = [await start('--help'), await start('--help'), await start('--help')]
    expect(Math.min(...runs.map((run) => run.ms))).toBeLessThan(500)
  })

  it('does not fall over when its reader has gone', async () => {
    const child = spawn(process.execPath, [main, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
    const [code] = (await once(child, 'close')) as [number | null]
    expect({ code, said }).toEqual({ code: 0, said: '' })
  })
})
