import { compose } from '../../electron/compose.ts'
import { hostIdSchema } from '../../shared/contract/hosts.ts'
import { labVersion } from './lab-version.ts'

// Creates a database and ends itself, as a crash would, at one boundary of one step.
const [home = '', hostId = '', name = '', step = '', when = ''] = process.argv.slice(2)

const core = await compose({
  home,
  version: '0.0.0-test',
  onStep: (_kind, at, moment) => {
    if (at === step && moment === when) process.kill(process.pid, 'SIGKILL')
  },
})
const { jobId } = await core.databases.create({
  hostId: hostIdSchema.parse(hostId),
  engine: 'postgres',
  name,
  version: labVersion,
  environment: 'development',
})
await core.waitForJob(jobId)
await core.close()
