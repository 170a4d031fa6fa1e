import { compose } from '../../electron/compose.ts'
import { backupMethods } from '../../shared/contract/backups.ts'

// Tests a backup by a restore and ends itself, as a crash would, with the throw-away server filled.
const [home = '', request = ''] = process.argv.slice(2)

const core = await compose({
  home,
  version: '0.0.0-test',
  onStep: (kind, step, when) => {
    if (kind === 'test-restore' && step === 'restore' && when === 'after') {
      process.kill(process.pid, 'SIGKILL')
    }
  },
})
const input = backupMethods['backups.testRestore'].input.parse(JSON.parse(request))
core.work()
const { jobId } = await core.backups.testRestore(input)
await core.waitForJob(jobId)
await core.close()
