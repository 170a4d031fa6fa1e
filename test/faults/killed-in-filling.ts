import { compose } from '../../electron/compose.ts'
import { jobIdSchema } from '../../shared/contract/jobs.ts'

// Goes on with a restore and ends itself, as a crash would, as it tells that line of progress.
const [home = '', job = '', line = ''] = process.argv.slice(2)

const core = await compose({ home, version: '0.0.0-test' })
core.onEvent((event) => {
  if (event.type !== 'job-progress' || event.progress.text !== line) return
  process.kill(process.pid, 'SIGKILL')
})
core.work()
await core.waitForJob(jobIdSchema.parse(job))
await core.close()
