import { compose } from '../../electron/compose.ts'
import { jobIdSchema } from '../../shared/contract/jobs.ts'
import { watchFiles } from './file-moments.ts'

// Goes on with a job, and with what follows it, and ends itself at one moment, as a crash would: before
// or after a step, as the record of a step's end is `written`, as a line of progress is told, or amid
// what it does with files; where a number is given, once so many bytes have passed there.
const [home = '', job = '', point = '', bytes = '0', cancel] = process.argv.slice(2)
const id = jobIdSchema.parse(job)

const tell = (moment: string, passed = 0): void => {
  if (moment === point && passed >= Number(bytes)) process.kill(process.pid, 'SIGKILL')
}
watchFiles(tell)
let ending: string | null = null
const core = await compose({
  home,
  version: '0.0.0-test',
  onStep: (_kind, step, when) => {
    ending = when === 'after' ? step : null
    tell(`${step} ${when}`)
  },
})
core.onEvent((event) => {
  if (event.type === 'job-progress' && event.progress.text !== null) tell(event.progress.text)
  // What a step's end publishes first is that it stands in the records.
  if (event.type === 'changed' && event.topic === 'jobs' && ending !== null)
    tell(`${ending} written`)
})
if (cancel === 'true') await core.jobs.cancel({ id })
core.work()
await core.waitForJob(id)
for (const follower of await core.jobs.list({ limit: 10 })) await core.waitForJob(follower.id)
await core.close()
