import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun, repository, say } from './program.ts'

const sources = [
  '{electron,renderer,shared,resources}/**/*',
  '{package-lock.json,electron.vite.config.ts,tsconfig.json,postcss.config.*}',
]
const stamp = join(repository, 'out/.sources')

/** Builds the app into out/ with electron-vite; does nothing where out/ is of these very sources. */
export async function buildApp(): Promise<void> {
  const now = fingerprint()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
  say('Building the app …')
  await mustRun(process.execPath, ['node_modules/electron-vite/bin/electron-vite.js', 'build'], {
    env: { ...process.env, NODE_ENV: 'production' },
  })
  mkdirSync(join(repository, 'out'), { recursive: true })
  writeFileSync(stamp, now)
}

/** Changes with each file that is added, removed or written. */
function fingerprint(): string {
  const hash = createHash('sha256')
  for (const path of globSync(sources, { cwd: repository }).sort()) {
    const { size, mtimeMs } = statSync(join(repository, path))
    hash.update(`${path}:${size}:${mtimeMs}\n`)
  }
  return hash.digest('hex')
}
