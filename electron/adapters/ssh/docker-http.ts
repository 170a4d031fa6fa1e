import { request } from 'node:http'
import type { Agent } from 'node:http'
import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'

/** The oldest API that has what Quayside uses: Docker 19.03. */
const oldestApi = '1.40'
const longestAnswer = 1024 * 1024

const versionSchema = z.object({ Version: z.string(), ApiVersion: z.string() })
const infoSchema = z.object({
  DockerRootDir: z.string().catch('/var/lib/docker'),
  NCPU: z.number().catch(0),
  MemTotal: z.number().catch(0),
})

/** A few questions to Docker that tell whether it can be used at all. Throws what the agent throws. */
export async function dockerPing(agent: Agent, signal: AbortSignal): Promise<void> {
  await get(agent, '/_ping', signal)
}

/** @throws QuaysideError `docker_too_old` */
export async function dockerVersion(
  agent: Agent,
  name: string,
  signal: AbortSignal,
): Promise<{ version: string; apiVersion: string }> {
  const answer = versionSchema.parse(JSON.parse(await get(agent, '/version', signal)))
  if (older(answer.ApiVersion, oldestApi))
    throw new QuaysideError('docker_too_old', `Docker ${answer.Version} on ${name} is too old.`, {
      hint: 'Quayside needs Docker 19.03 or newer. Update Docker on the server.',
      detail: `API ${answer.ApiVersion}, needed ${oldestApi}.`,
      facts: { version: answer.Version },
    })
  return { version: answer.Version, apiVersion: answer.ApiVersion }
}

export async function dockerInfo(
  agent: Agent,
  signal: AbortSignal,
): Promise<z.infer<typeof infoSchema>> {
  return infoSchema.parse(JSON.parse(await get(agent, '/info', signal)))
}

/** Compares versions of Docker's API by number: 1.9 is older than 1.40. */
export function older(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [wantedMajor = 0, wantedMinor = 0] = than.split('.').map(Number)
  return major === wantedMajor ? minor < wantedMinor : major < wantedMajor
}

function get(agent: Agent, path: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ agent, path, host: 'docker', signal }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        text += chunk
        if (text.length > longestAnswer) answer.destroy(new Error('The answer is too long.'))
      })
      answer.on('error', reject)
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(text)
        else reject(new Error(`Docker answered ${answer.statusCode ?? 0} to ${path}.`))
      })
    })
    call.on('error', reject)
    call.end()
  })
}
