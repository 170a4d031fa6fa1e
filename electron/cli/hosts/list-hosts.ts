import type { Action } from '../command.ts'
import { table } from '../table.ts'
import { connectionText, hostState } from '../words.ts'

/** `host list` */
export const listHosts: Action = async (cli) => {
  const core = await cli.coreWithSecrets()
  const hosts = await core.hosts.list({}, { signal: cli.signal })
  cli.out.result(hosts, () => {
    if (hosts.length === 0) return 'No hosts yet. Add one: "quayside host add --help".'
    const rows = hosts.map((host) => [
      host.name,
      connectionText(host.connection),
      hostState(host, cli.io.now()),
      host.status.dockerVersion ?? '',
      String(host.databases),
    ])
    return table(['name', 'reached at', 'state', 'docker', 'databases'], rows)
  })
  for (const { name, status } of hosts) {
    if (status.error !== null) cli.out.note(`${name}: ${status.error.message}`)
    else if (status.state === 'connecting')
      cli.out.note(`${name} has not answered yet. To wait for it: "quayside host check ${name}".`)
  }
}
