// `npm run -s lab -- …`: the lab from the command line. Results on stdout, all else on stderr.
import { fail, say } from '../../scripts/program.ts'
import { command } from './command.ts'
import { LabError } from './lab-error.ts'

try {
  await command(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof LabError)) fail(error)
  say(error.message)
  process.exitCode = error.exitCode
}
