import * as z from 'zod'
import { hostConnectionSchema, type HostConnection } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { parseInput, wholeNumber } from '../parse-input.ts'

/** The options of `host add`, as typed. */
export const hostOptionsSchema = z.object({
  address: z.string().optional(),
  port: z.string().optional(),
  user: z.string().optional(),
  agent: z.literal(true).optional(),
  key: z.string().optional(),
  password: z.literal(true).optional(),
  sshConfig: z.string().optional(),
  local: z.union([z.literal(true), z.string()]).optional(),
  baseDomain: z.string().optional(),
  dataDirectory: z.string().optional(),
  acceptHostKey: z.string().optional(),
  withoutDocker: z.literal(true).optional(),
  secretFile: z.string().optional(),
  secretStdin: z.literal(true).optional(),
})
export type HostOptions = z.output<typeof hostOptionsSchema>

const usualSocket = '/var/run/docker.sock'

/**
 * The one way to a host that the options name. `socketPath` is where Docker listens here.
 * @throws QuaysideError `invalid_input` when they name none, several, or a part of one.
 */
export function connectionOf(options: HostOptions, socketPath = usualSocket): HostConnection {
  const ways = [
    options.address !== undefined && '--address',
    options.sshConfig !== undefined && '--ssh-config',
    options.local !== undefined && '--local',
  ].filter((way) => way !== false)
  if (ways.length !== 1) {
    throw new QuaysideError(
      'invalid_input',
      ways.length === 0
        ? 'Say how to reach the host: --address, --ssh-config or --local.'
        : `${ways.join(' and ')} can’t go together.`,
    )
  }
  if (options.address !== undefined) return parseInput(hostConnectionSchema, sshOf(options))
  refuse(options, ['port', 'user', 'agent', 'key', 'password'], ways[0] ?? '')
  return parseInput(
    hostConnectionSchema,
    options.sshConfig !== undefined
      ? { kind: 'ssh-config', alias: options.sshConfig }
      : { kind: 'local', socketPath: options.local === true ? socketPath : options.local },
  )
}

function sshOf(options: HostOptions): unknown {
  const logins = [
    options.agent !== undefined && '--agent',
    options.key !== undefined && '--key',
    options.password !== undefined && '--password',
  ].filter((login) => login !== false)
  if (logins.length > 1)
    throw new QuaysideError('invalid_input', `${logins.join(' and ')} can’t go together.`)
  const login =
    options.key !== undefined
      ? { kind: 'key', path: options.key }
      : { kind: options.password === true ? 'password' : 'agent' }
  return {
    kind: 'ssh',
    address: options.address,
    port: options.port === undefined ? 22 : wholeNumber(options.port),
    user: options.user ?? 'root',
    login,
  }
}

function refuse(options: HostOptions, names: readonly (keyof HostOptions)[], way: string): void {
  const wrong = names.find((name) => options[name] !== undefined)
  if (wrong !== undefined)
    throw new QuaysideError('invalid_input', `--${wrong} can’t go together with ${way}.`)
}
