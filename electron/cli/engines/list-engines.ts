import type { Action } from '../command.ts'
import { table } from '../table.ts'

/** `engine list` */
export const listEngines: Action = async (cli) => {
  const core = await cli.core()
  const engines = await core.engines.list({}, { signal: cli.signal })
  // The icon is for windows.
  const answer = engines.map(({ icon: _icon, ...engine }) => engine)
  cli.out.result(answer, () => {
    const rows = engines.map(({ id, label, versions, defaultPort }) => [
      id,
      label,
      versions.map(({ version }) => version).join(', '),
      String(defaultPort),
    ])
    return table(['engine', 'name', 'versions', 'port'], rows)
  })
}
