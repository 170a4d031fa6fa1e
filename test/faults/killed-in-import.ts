import { compose } from '../../electron/compose.ts'
import { transferMethods } from '../../shared/contract/transfers.ts'

// Imports a database from a server and ends itself, as a crash would: `enqueued`, as the job is there and
// nothing else, or `dump`, once the first bytes have come. The connection string comes on the standard
// input.
const [home = '', request = '', point = ''] = process.argv.slice(2)

let connectionString = ''
for await (const piece of process.stdin.setEncoding('utf8')) connectionString += String(piece)
const core = await compose({ home, version: '0.0.0-test' })
core.onEvent((event) => {
  if (point === 'enqueued' && event.type === 'changed' && event.topic === 'jobs') {
    process.kill(process.pid, 'SIGKILL')
  }
  if (event.type !== 'job-progress' || event.progress.step !== 'dump') return
  if ((event.progress.bytes ?? 0) > 0) process.kill(process.pid, 'SIGKILL')
})
const input = transferMethods['transfers.importServer'].input.parse({
  ...(JSON.parse(request) as object),
  connectionString,
})
core.work()
const { jobId } = await core.transfers.importServer(input)
await core.waitForJob(jobId)
await core.close()
