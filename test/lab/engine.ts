import { request } from 'node:http'
import { mustRun, runProgram } from '../../scripts/program.ts'
import { LabError } from './lab-error.ts'
import { bareEnvironment, processMark, waitUntil } from './processes.ts'

/** A Docker engine in a namespace of the lab. */
export type Engine = {
  /** The command that runs another one where the engine lives. */
  readonly inside: (argv: readonly string[]) => [string, ...string[]]
  readonly labId: string
  readonly folder: string
  readonly socket: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

const pidFile = '/run/dockerd.pid'

/** Starts dockerd where it does not run, and waits until it answers. */
export async function startEngine(engine: Engine): Promise<void> {
  if (await answers(engine.socket)) return
  await endEngine(engine, 'KILL')
  const { folder, socket, args, env } = engine
  const [program, ...rest] = engine.inside([
    'sh',
    '-c',
    'log=$1; shift; setsid "$@" >>"$log" 2>&1 </dev/null &',
    'sh',
    `${folder}/dockerd.log`,
    'dockerd',
    ...['--data-root', `${folder}/data`, '--exec-root', '/run/docker', '--pidfile', pidFile],
    ...['--host', `unix://${socket}`, '--config-file', `${folder}/dockerd.json`],
    ...args,
  ])
  await mustRun(program, rest, {
    env: { ...bareEnvironment(), ...env, [processMark]: engine.labId },
  })
  if (await waitUntil(() => answers(socket), { patience: 120_000 })) return
  throw new LabError(`dockerd does not answer: see ${folder}/dockerd.log`)
}

/** Ends dockerd: TERM lets it stop its containers, KILL is a crash. Waits until it is gone. */
export async function endEngine(engine: Engine, signal: 'TERM' | 'KILL'): Promise<void> {
  // The numbers of processes in here are of this namespace alone: none of another one can be hit.
  const script = `
    pid=$(cat ${pidFile} 2>/dev/null) || exit 0
    kill -${signal} "$pid" 2>/dev/null || exit 0
    for _ in $(seq 2000); do kill -0 "$pid" 2>/dev/null || exit 0; sleep 0.05; done
    exit 1`
  const [program, ...args] = engine.inside(['sh', '-c', script])
  const { code } = await runProgram(program, args, { env: bareEnvironment() })
  if (code !== 0) throw new LabError(`dockerd did not end: see ${engine.folder}/dockerd.log`)
  const [remove, ...files] = engine.inside(['rm', '-f', pidFile])
  await mustRun(remove, files)
}

/** Whether a Docker engine answers on this socket. */
export function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath, path: '/_ping', timeout: 5_000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    ping.on('timeout', () => ping.destroy())
    ping.on('error', () => resolve(false))
    ping.end()
  })
}
