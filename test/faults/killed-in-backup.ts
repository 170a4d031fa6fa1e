import { compose } from '../../electron/compose.ts'
import { backupMethods } from '../../shared/contract/backups.ts'

// Makes a backup and ends itself, as a crash would, at one boundary of one step, or in the dump.
const [home = '', request = '', step = '', when = ''] = process.argv.slice(2)

const core = await compose({
  home,
  version: '0.0.0-test',
  onStep: (_kind, at, moment) => {
    if (at === step && moment === when) process.kill(process.pid, 'SIGKILL')
  },
})
core.onEvent((event) => {
  if (event.type !== 'job-progress' || when !== 'amid' || event.progress.step !== step) return
  if ((event.progress.bytes ?? 0) > 500_000) process.kill(process.pid, 'SIGKILL')
})
const input = backupMethods['backups.create'].input.parse(JSON.parse(request))
const { jobId } = await core.backups.create(input)
await core.waitForJob(jobId)
await core.close()
