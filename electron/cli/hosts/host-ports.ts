import type { HostPort, HostPorts } from '../../../shared/contract/host-look.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Action } from '../command.ts'
import { findHost } from '../find-host.ts'
import { table } from '../table.ts'

/** `host ports NAME`: prints the list, and ends with a code of its own where something is exposed. */
export const hostPorts: Action = async (cli, [name = '']) => {
  const core = await cli.coreWithSecrets()
  const { id } = await findHost(core, name, cli.signal)
  const told = await core.hosts.ports({ id }, { signal: cli.signal })
  cli.out.result(told, () => describePorts(told))
  if (!told.complete)
    cli.out.note(`${name} does not tell its ports: these are what Docker publishes alone.`)
  const [worst, ...others] = told.ports.filter(({ verdict }) => verdict === 'exposed')
  if (worst !== undefined) throw exposed(worst, others.length)
}

function describePorts({ ports, triedAddress }: HostPorts): string {
  if (ports.length === 0) return 'No program listens on a TCP port.'
  const rows = ports.map((port) => [
    String(port.port),
    port.addresses.join(' '),
    port.heldBy?.name ?? 'unknown',
    port.bound === 'loopback' ? 'closed' : port.fromHere,
    port.shouldBe ?? '',
    port.verdict === 'expected' ? '' : port.verdict,
  ])
  const headings = ['port', 'bound to', 'held by', 'now', 'should be', 'verdict']
  const way =
    triedAddress === null
      ? 'Not tried from this computer.'
      : `Tried from this computer at ${triedAddress}.`
  return `${table(headings, rows)}\n\n${way}`
}

function exposed({ port, reason, hint, remedy }: HostPort, others: number): QuaysideError {
  const more = others === 0 ? '' : ` (and ${others} more)`
  return new QuaysideError(
    'port_exposed',
    `Port ${port}${more}: ${reason ?? 'open to the network.'}`,
    {
      ...(hint !== null && { hint }),
      ...(remedy !== null && { remedy }),
      facts: { port: String(port) },
    },
  )
}
