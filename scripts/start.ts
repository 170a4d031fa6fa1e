import { spawn } from 'node:child_process'
import { buildApp } from './build.ts'
import { hasDisplay } from './display.ts'
import { ensureElectron } from './electron.ts'
import { fail, repository, say } from './program.ts'
import { ensureSystemLibraries } from './system-libraries.ts'

/** `npm start [-- ARGUMENTS]`: installs what is missing, builds, opens the app. */
async function start(args: readonly string[]): Promise<void> {
  if (!hasDisplay()) {
    say('There is no display here, so the window cannot be shown (DISPLAY is not set).')
    say('Run `npm run demo` instead: it brings a display of its own and leaves screenshots.')
    process.exit(1)
  }
  await ensureSystemLibraries(['window'])
  const electron = await ensureElectron()
  await buildApp()

  const app = spawn(electron.executablePath, [...electron.args, repository, ...args], {
    stdio: 'inherit',
    env: { ...process.env, ...electron.env },
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => app.kill(signal))
  app.on('error', fail)
  app.on('exit', (code) => process.exit(code ?? 1))
}

await start(process.argv.slice(2)).catch(fail)
