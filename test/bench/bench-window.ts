import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import * as z from 'zod'
import { ensureElectron } from '../../scripts/electron.ts'
import { openInspector, type Inspector } from './inspector.ts'

/** A page that is not there by then does not come, milliseconds. */
const patienceMs = 60_000

/** An Electron app that was started as its user would start it, and looked into from outside. */
export interface BenchWindow {
  /** Its first process. */
  readonly pid: number
  /** When that was started, in the time of `performance.now()`. */
  readonly startedAt: number
  /** The value of an expression in the page, promises awaited. */
  evaluate(expression: string): Promise<unknown>
  /** Seconds of its own that the page's main thread has worked, other programs left out. */
  busySeconds(): Promise<number>
  /** Looks away: from now on nothing of the inspector runs in it. */
  leave(): void
  close(): Promise<void>
}

const evaluated = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.object({ text: z.string() }).loose().optional(),
})
const metrics = z.object({ metrics: z.array(z.object({ name: z.string(), value: z.number() })) })

/**
 * Starts an app and attaches to its page.
 * @param app what Electron is to run: a folder or a script
 */
export async function openWindow(app: string, env: NodeJS.ProcessEnv): Promise<BenchWindow> {
  const electron = await ensureElectron()
  const startedAt = performance.now()
  const child = spawn(
    electron.executablePath,
    [...electron.args, '--remote-debugging-port=0', app],
    { env: { ...process.env, ...electron.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const inspector = await openInspector(await debuggerAddress(child)).catch(async (thrown) => {
    await end(child)
    throw thrown
  })
  return {
    pid: child.pid ?? 0,
    startedAt,
    evaluate: (expression) => evaluate(inspector, expression),
    async busySeconds() {
      const answer = metrics.parse(await inspector.send('Performance.getMetrics', {}))
      return answer.metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN
    },
    leave: () => inspector.close(),
    async close() {
      inspector.close()
      await end(child)
    },
  }
}

/** A page that is loaded meanwhile takes the question with it: then it is asked of the next one. */
async function evaluate(inspector: Inspector, expression: string): Promise<unknown> {
  const until = performance.now() + patienceMs
  const question = { expression, awaitPromise: true, returnByValue: true }
  for (;;) {
    const answer = await inspector.send('Runtime.evaluate', question).catch((thrown: unknown) => {
      if (performance.now() > until) throw thrown
    })
    if (answer === undefined) continue
    const { result, exceptionDetails } = evaluated.parse(answer)
    if (exceptionDetails === undefined) return result.value
    throw new Error(`The page answers with an error: ${exceptionDetails.text}`)
  }
}

async function debuggerAddress(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('The app has no standard error.')
  let said = ''
  for await (const line of createInterface({ input: child.stderr })) {
    said += `${line}\n`
    const [, address] = /DevTools listening on (ws:\S+)/.exec(line) ?? []
    if (address === undefined) continue
    // It goes on talking to someone: a full pipe would stop it.
    child.stderr.resume()
    return address
  }
  throw new Error(`The app ended. ${said}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), 20_000)
  await exited
  clearTimeout(late)
}
