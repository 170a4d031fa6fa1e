import { contract } from '../../../shared/contract/index.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { isInteractive } from '../io.ts'
import { parseInput } from '../parse-input.ts'
import { ask } from '../prompt.ts'
import { askSecret, givenSecret } from '../secret-input.ts'
import { describeHost } from './describe-host.ts'
import { reportChecks } from './check-steps.ts'
import { connectionOf, hostOptionsSchema } from './host-options.ts'

/** `host add NAME …` */
export const addHost: Action = async (cli, [name], given) => {
  const options = parseInput(hostOptionsSchema, given)
  // What can be refused is refused before anything is asked or read.
  connectionOf(options)
  const schema = contract['hosts.add'].input
  const { baseDomain, dataDirectory, acceptHostKey, withoutDocker } = options
  const rest = { name, baseDomain, dataDirectory, acceptHostKey, withoutDocker }
  parseInput(schema, { ...rest, connection: connectionOf(options) })

  let secret = await givenSecret(options, cli)
  if (secret === undefined && options.password === true)
    secret = await askSecret(
      cli.io,
      `password of ${options.user ?? 'root'}@${options.address ?? ''}`,
    )
  const core = await cli.coreWithSecrets()
  const connection = connectionOf(options, await localSocket(cli, core, options.local))
  const request = parseInput(schema, { ...rest, connection, secret })

  const stop = reportChecks(core, cli.out)
  try {
    const host = await addAnswering(cli, core, request)
    cli.out.result(host, () => `Added ${host.name}.\n${describeHost(host, cli.io.now())}`)
  } finally {
    stop()
  }
}

type AddRequest = Parameters<Core['hosts']['add']>[0]

/** Adds; what the host asks back (its key, a passphrase) is put to the user, each once. */
async function addAnswering(cli: Cli, core: Core, request: AddRequest): Promise<HostView> {
  try {
    return await core.hosts.add(request, { signal: cli.signal })
  } catch (thrown) {
    if (!(thrown instanceof QuaysideError)) throw thrown
    if (thrown.code === 'host_key_unknown' && request.acceptHostKey === undefined) {
      const acceptHostKey = await acceptedKey(cli, thrown, request.name)
      return addAnswering(cli, core, { ...request, acceptHostKey })
    }
    if (
      thrown.code === 'passphrase_needed' &&
      request.secret === undefined &&
      isInteractive(cli.io)
    ) {
      const secret = await askSecret(cli.io, 'passphrase of the key')
      return addAnswering(cli, core, { ...request, secret })
    }
    throw thrown
  }
}

/** Shows the fingerprint and asks; without a terminal the error says what to add. */
async function acceptedKey(cli: Cli, error: QuaysideError, name: string): Promise<string> {
  const fingerprint = error.facts?.['fingerprint']
  if (fingerprint === undefined) throw error
  const type = error.facts?.['type'] ?? 'host key'
  if (!isInteractive(cli.io)) {
    throw new QuaysideError(
      'host_key_unknown',
      `This computer has not met the host key of ${name} before: ${fingerprint} (${type}).`,
      {
        hint: `Compare it with the server's own ("ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub" there). If it matches, add: --accept-host-key ${fingerprint}`,
        facts: error.facts,
      },
    )
  }
  cli.out.status('')
  cli.io.stderr.write(
    `The host key of ${name} is new to this computer:\n\n  ${fingerprint}  ${type}\n\n`,
  )
  const answer = await ask(cli.io, 'Does it match the server’s own? Type "yes" to trust it: ')
  if (answer.trim() === 'yes') return fingerprint
  throw new QuaysideError('host_key_unknown', 'The host key was not accepted; nothing was added.', {
    facts: error.facts,
  })
}

async function localSocket(
  cli: Cli,
  core: Core,
  local: true | string | undefined,
): Promise<string | undefined> {
  if (local !== true) return undefined
  const { local: found } = await core.hosts.suggestions({}, { signal: cli.signal })
  return found?.socketPath
}
