// The core that looks at live numbers, as a program of its own: what the bench itself does must not
// count. Its argument is a home. Each line of its input is what to look at from now on, `{close,
// inView}`; it answers with a line of what was told since the line before, `{samples, answers}`: how
// many samples, and how many of them with the engine's own numbers.
import { createInterface } from 'node:readline'
import * as z from 'zod'
import { compose } from '../../electron/compose.ts'
import { databaseIdSchema } from '../../shared/contract/databases.ts'
import { statsLeaseMs } from '../../shared/contract/metrics.ts'

const lookSchema = z.object({
  close: z.array(databaseIdSchema),
  inView: z.array(databaseIdSchema),
})

const core = await compose({ home: process.argv[2] ?? '', version: '0.0.0-bench', watches: true })
core.watch()
let told = { samples: 0, answers: 0 }
core.onEvent((event) => {
  if (event.type !== 'stats') return
  for (const { sample } of event.samples) {
    told.samples += 1
    if (sample.connections !== null) told.answers += 1
  }
})
let look: z.infer<typeof lookSchema> = { close: [], inView: [] }
const tell = () => core.metrics.watch({ watcher: 'bench', ...look })
setInterval(() => void tell(), statsLeaseMs / 2.5)

for await (const line of createInterface({ input: process.stdin })) {
  look = lookSchema.parse(JSON.parse(line))
  await tell()
  console.log(JSON.stringify(told))
  told = { samples: 0, answers: 0 }
}
await core.close()
process.exit(0)
