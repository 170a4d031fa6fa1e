// What the thread of heavy jobs runs: a core of its own on the same data, with connections of its own.
import { constants, setPriority } from 'node:os'
import { joinMainThread } from './adapters/heavy-thread/index.ts'
import { createDiagnostics } from './adapters/log/index.ts'
import { compose } from './compose.ts'

// The window goes first where processors are few. Only Linux has a priority for each thread, elsewhere it
// would be that of the whole app (setpriority(2), "C library/kernel differences").
if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL)

const main = joinMainThread()
const { home, version, owner } = main
const diagnostics = createDiagnostics(home)
const core = await compose({
  home,
  version,
  diagnostics,
  heavy: { owner, secrets: main.secrets(diagnostics.redact) },
})
core.onEvent((event) => {
  // Everything else stands in the records, where the main thread sees it.
  if (event.type === 'job-progress') main.progress(event.progress)
})
main.onSecretsReady(() => {
  core.secrets.status({}).catch((thrown: unknown) => {
    diagnostics.log.error('passwords are said to be within reach, and are not', thrown)
  })
})
main.onStop(() => core.close())
core.work()
