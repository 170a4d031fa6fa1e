import { parseArgs } from 'node:util'
import { say } from '../../scripts/program.ts'
import { runningLab } from './context.ts'
import { describeLab } from './description.ts'
import { down } from './down.ts'
import { faultCommand, faultUsage } from './fault-command.ts'
import { currentInstance } from './instance.ts'
import { LabError } from './lab-error.ts'
import { labStatus } from './status.ts'
import { up } from './up.ts'

const usage = `usage: npm run -s lab -- COMMAND

  up [--hosts N] [--json]   bring the lab up (2 hosts), or mend it; --json says how to use it
  down                      take it away, with all that it made
  status [--json]           what of it runs
  env                       shell lines for a program that shall use its keychain
  fault …                   have something go wrong:
${faultUsage}
  QUAYSIDE_LAB=name         another lab beside this checkout's own
  QUAYSIDE_CACHE=folder     where built images are kept`

/** Carries out a command line. Throws a {@link LabError} where it is wrong or fails. */
export async function command(argv: readonly string[]): Promise<void> {
  const [name, ...args] = argv
  const instance = currentInstance()
  switch (name) {
    case 'up': {
      const { hosts, json } = options(args)
      const started = performance.now()
      const lab = await up(instance, { hosts: Number(hosts ?? 2) })
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      say(
        `The lab ${instance.id} is up (${lab.hosts.map((h) => h.name).join(', ')}), ${seconds} s.`,
      )
      if (json === true) print(JSON.stringify(describeLab(lab), null, 2))
      return
    }
    case 'down':
      await down(instance)
      return say(`The lab ${instance.id} is down.`)
    case 'status':
      return print(await labStatus(instance, { json: options(args).json === true }))
    case 'env': {
      const env = Object.entries(describeLab(runningLab(instance)).env)
      return print(env.map(([key, value]) => `export ${key}='${value}'`).join('\n'))
    }
    case 'fault':
      return faultCommand(instance, args, print)
    case undefined:
    case 'help':
    case '--help':
      return print(usage)
    default:
      throw new LabError(`There is no command "${name}".\n\n${usage}`, { exitCode: 2 })
  }
}

function options(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { hosts: { type: 'string' }, json: { type: 'boolean' } },
    }).values
  } catch (error) {
    throw new LabError(`${String(error)}\n\n${usage}`, { exitCode: 2 })
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
