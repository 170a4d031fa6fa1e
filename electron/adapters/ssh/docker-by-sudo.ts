import type { DockerPlace, DockerWay } from './docker-way.ts'
import { dockerDenied, dockerDown } from './errors.ts'
import type { HostFacts } from './host-facts.ts'
import type { Link } from './link.ts'
import { quoteWords } from './quote.ts'

/** Where Docker's program looks by itself: a rule for sudo need not name it. */
const usualSocket = '/var/run/docker.sock'

/**
 * Docker through `sudo -n docker system dial-stdio`, for a user who may not open its socket. The
 * command is tried as it is used: `sudo -l` does not tell whether a password would be asked for.
 *
 * @throws QuaysideError `docker_denied` with the line for sudo that is missing, `docker_down`
 */
export async function tryBySudo(
  link: Link,
  place: DockerPlace,
  facts: HostFacts,
  name: string,
  signal: AbortSignal,
): Promise<DockerWay> {
  const { program, socketPath } = place
  const closed = `${socketPath ?? 'Docker'} cannot be written to.`
  if (program === null) throw dockerDenied(facts, name, closed)
  const where = socketPath === usualSocket ? [] : ['-H', `unix://${socketPath ?? ''}`]
  const words = [program, ...where, 'system', 'dial-stdio']
  const rule = `${facts.user} ALL=(root) NOPASSWD: ${words.join(' ')}`
  if (facts.sudo === '') throw dockerDenied(facts, name, closed)
  const command = quoteWords([facts.sudo, '-n', ...words])
  // Its input is at its end already, so it ends as soon as it has reached Docker.
  const { code, stderr } = await link.run(command, { signal })
  const detail = `${closed} ${stderr.trim().slice(0, 500)}`
  if (code !== 0 && reachedDocker(stderr)) throw dockerDown(name, detail)
  if (code !== 0) throw dockerDenied(facts, name, detail, rule)
  return {
    transport: 'dial-stdio',
    sudo: true,
    open: (options) => link.openCommand(command, options),
    limits: [
      `${facts.user} uses Docker by sudo: calls are slower than as a member of group docker.`,
    ],
  }
}

/** Sudo's own refusals are in the server's language, and so told from Docker's words by these. */
function reachedDocker(stderr: string): boolean {
  return /cannot connect to the docker|failed to connect to the docker|dial unix/i.test(stderr)
}
