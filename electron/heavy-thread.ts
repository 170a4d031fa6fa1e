// What the thread of heavy jobs runs: a core of its own on the same data, with connections of its own.
import { joinMainThread } from './adapters/heavy-thread/index.ts'
import { createDiagnostics } from './adapters/log/index.ts'
import { compose } from './compose.ts'

const main = joinMainThread()
const { home, version, owner } = main
const diagnostics = createDiagnostics(home)
const core = await compose({
  ...{ home, version, diagnostics },
  heavy: { owner, secrets: main.secrets(diagnostics.redact) },
})
core.onEvent((event) => {
  // Everything else stands in the records, where the main thread sees it.
  if (event.type === 'job-progress') main.progress(event.progress)
})
main.onStop(() => core.close())
core.work()
