import { compose } from '../../electron/compose.ts'
import { restoreMethods } from '../../shared/contract/restores.ts'

// Restores a backup and ends itself, as a crash would, at one boundary of one step.
const [home = '', request = '', step = '', when = ''] = process.argv.slice(2)

const core = await compose({
  home,
  version: '0.0.0-test',
  onStep: (_kind, at, moment) => {
    if (at === step && moment === when) process.kill(process.pid, 'SIGKILL')
  },
})
const input = restoreMethods['restores.start'].input.parse(JSON.parse(request))
const { jobId } = await core.restores.start(input)
await core.waitForJob(jobId)
await core.close()
