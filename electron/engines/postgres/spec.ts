import type { ServerRequest, ServerSpec } from '../engine.ts'
import { beginFilling } from './filling.ts'

/** Inside the container. */
export const serverPort = 5432

/** Where the password lies until the first login worked; read by the image's entrypoint as root. */
const passwordFile = '/run/quayside/password'

/**
 * The entrypoint of the public image reads the password's file into a variable that it exports, and
 * so into the server's environment. It sources init scripts that are not executable, in the order of
 * their names, and this one last: the server starts without the variable. The file itself is emptied
 * rather than removed, since the entrypoint reads it at every start.
 * https://github.com/docker-library/postgres/blob/master/docker-entrypoint.sh
 */
const forgetPassword = 'unset POSTGRES_PASSWORD\n'

/** Parallel queries share memory there; Docker's 64 MB make them fail with "No space left on device". */
const shmBytes = 256 * 2 ** 20

/** What to run for a PostgreSQL server, by the contract of the public image. */
export function postgresServer(request: ServerRequest): ServerSpec {
  const { version, user, password, database, filling = false } = request
  return {
    image: `postgres:${version}`,
    env: {
      POSTGRES_USER: user,
      POSTGRES_DB: database,
      POSTGRES_PASSWORD_FILE: passwordFile,
      POSTGRES_INITDB_ARGS: '--auth-host=scram-sha-256 --data-checksums',
    },
    command: [],
    port: serverPort,
    dataPath: dataPath(version),
    files: [
      { path: passwordFile, content: password, mode: 0o400, secret: true },
      {
        path: '/docker-entrypoint-initdb.d/zz-quayside.sh',
        content: `${filling ? beginFilling : ''}${forgetPassword}`,
        mode: 0o444,
        secret: false,
      },
    ],
    shmBytes,
    stopGraceSeconds: 60,
  }
}

/** From 18 on the image keeps each major version in a folder of its own below the volume. */
function dataPath(version: string): string {
  return Number.parseInt(version, 10) >= 18 ? '/var/lib/postgresql' : '/var/lib/postgresql/data'
}
