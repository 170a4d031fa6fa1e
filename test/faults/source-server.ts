import type { Lab } from '../lab/lab.ts'
import { labVersion } from './lab-version.ts'

/** A server elsewhere, none of Quayside's: a container of its own on the lab's first host. */
export interface SourceServer {
  container: string
  port: number
  user: string
  /** With all that a URL and a password file have to escape. */
  password: string
  /** Of its database `shop`. */
  url(more?: { host?: string; query?: string; port?: number; password?: string }): string
  /** Runs statements in `shop` as its superuser; gives what they answer. */
  sql(statements: string): Promise<string>
  docker(...args: string[]): Promise<string>
  remove(): Promise<void>
}

/** Starts one and waits until it lets one in. */
export async function startSource(lab: Lab, port: number): Promise<SourceServer> {
  const container = `source-${port}`
  const [user, password] = ['keeper', "it's@a:canary/%#+"]
  const docker: SourceServer['docker'] = async (...args) => {
    const { code, stdout, stderr } = await lab.docker('h1', args)
    if (code !== 0) throw new Error(stderr)
    return stdout.trim()
  }
  const sql: SourceServer['sql'] = (statements) => {
    const client = ['psql', '-h', '127.0.0.1', '-U', 'postgres', '-d', 'shop', '-XAtq']
    return docker('exec', container, ...client, '-v', 'ON_ERROR_STOP=1', '-c', statements)
  }
  await lab.docker('h1', ['rm', '-fv', container])
  const settings = ['-e', 'POSTGRES_DB=shop', '-e', 'POSTGRES_HOST_AUTH_METHOD=scram-sha-256']
  await docker(
    ...['run', '-d', '--name', container, '-p', `${port}:5432`, ...settings],
    ...['-e', 'POSTGRES_PASSWORD=none', '-e', 'PGPASSWORD=none', `postgres:${labVersion}`],
  )
  for (const deadline = Date.now() + 60_000; ;) {
    try {
      await sql('SELECT 1')
      break
    } catch (thrown) {
      if (Date.now() > deadline) throw thrown
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
  await sql(
    `CREATE ROLE ${user} LOGIN IN ROLE pg_read_all_data PASSWORD '${password.replaceAll("'", "''")}'`,
  )
  return {
    container,
    port,
    user,
    password,
    sql,
    docker,
    url: (more = {}) => {
      const given = encodeURIComponent(more.password ?? password)
      const { host = '127.0.0.1', query = '' } = more
      return `postgresql://${user}:${given}@${host}:${more.port ?? port}/shop${query}`
    },
    remove: async () => {
      await docker('rm', '-fv', container)
    },
  }
}
