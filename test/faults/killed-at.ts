import { compose } from '../../electron/compose.ts'
import { jobIdSchema } from '../../shared/contract/jobs.ts'

// Goes on with a job and ends itself, as a crash would: at one boundary of one step, amid its bytes, or
// as it tells that line of progress.
const [home = '', job = '', point = '', when = ''] = process.argv.slice(2)

const end = (): void => void process.kill(process.pid, 'SIGKILL')
const core = await compose({
  home,
  version: '0.0.0-test',
  onStep: (_kind, step, moment) => {
    if (step === point && moment === when) end()
  },
})
core.onEvent((event) => {
  if (event.type !== 'job-progress') return
  const { step, text, bytes } = event.progress
  if (text === point || (step === point && when === 'amid' && (bytes ?? 0) > 500_000)) end()
})
core.work()
await core.waitForJob(jobIdSchema.parse(job))
await core.close()
