import { realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { fileURLToPath } from 'node:url'
import manifest from '../../package.json' with { type: 'json' }
import type { OpenedCore } from './cli.ts'
import { processIo, type CliIo } from './io.ts'
import { run } from './run.ts'

/**
 * Runs one `quayside …` command, without the program's name; resolves with its exit code and never
 * rejects for what a user can cause. The desktop's binary calls it too.
 */
export function runCli(argv: readonly string[], io: CliIo = processIo()): Promise<number> {
  return run(argv, { io, version: manifest.version, openCore })
}

/** Adapters are loaded with the first call of the core: help needs none of them. */
async function openCore(env: CliIo['env']): Promise<OpenedCore> {
  const [{ compose }, { dataHome }, { makeHome }] = await Promise.all([
    import('../compose.ts'),
    import('../domain/home.ts'),
    import('../adapters/home/index.ts'),
  ])
  const home = dataHome(env, process.platform, homedir())
  makeHome(home)
  const caught: string[] = []
  const core = await compose({
    home,
    version: manifest.version,
    clipboard: {
      writeSecret(text) {
        caught.push(text)
      },
    },
  })
  return {
    core,
    async copied(work) {
      await work()
      const [text = ''] = caught.splice(0)
      return text
    },
  }
}

/** True when this file is the program itself, also through a link to it. */
function isProgram(): boolean {
  const started = process.argv[1]
  // In the desktop's bundle this file is a part of another program.
  if (started === undefined || 'electron' in process.versions) return false
  try {
    return realpathSync(started) === fileURLToPath(import.meta.url)
  } catch {
    // Started from something that is no file (`node -e`): so not from here.
    return false
  }
}

if (isProgram()) process.exit(await runCli(process.argv.slice(2)))
