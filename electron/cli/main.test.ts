import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import * as z from 'zod'
import manifest from '../../package.json' with { type: 'json' }

const main = fileURLToPath(new URL('main.ts', import.meta.url))

function start(
  argv: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number; stdout: string }> {
  return new Promise((resolve) => {
    const options = { env: { ...process.env, ...env } }
    execFile(process.execPath, [main, ...argv], options, (error, stdout) => {
      const code = typeof error?.code === 'number' ? error.code : 0
      resolve({ code, stdout })
    })
  })
}

/** The files of ours that a command line loads, as Node's own coverage counts them. */
async function loadedBy(...argv: string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'quayside-loaded-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await start(argv, { NODE_V8_COVERAGE: folder })
  const loaded = z.object({ result: z.array(z.object({ url: z.string() })) })
  const reports = await readdir(folder)
  const texts = await Promise.all(reports.map((name) => readFile(join(folder, name), 'utf8')))
  return texts
    .flatMap((text) => loaded.parse(JSON.parse(text)).result)
    .map(({ url }) => url)
    .filter((url) => url.includes('/electron/'))
}

describe('the program', () => {
  it('prints the version of the package', async () => {
    expect(await start(['--version'])).toMatchObject({ code: 0, stdout: `${manifest.version}\n` })
  })

  it('loads no adapter to show help', async () => {
    const loaded = await loadedBy('--help')
    expect(loaded.some((url) => url.endsWith('/electron/cli/program.ts'))).toBe(true)
    expect(
      loaded.filter((url) => /\/electron\/(adapters|engines|destinations)\//.test(url)),
    ).toEqual([])
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
