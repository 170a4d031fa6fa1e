import { randomBytes } from 'node:crypto'
import { image, type BenchLab } from './bench-lab.ts'

/** An image whose containers are servers that were set up before: each is up within a second. */
export interface ServerImage {
  readonly name: string
  /** Of the one user of each; thrown away with the lab. */
  readonly password: string
}

/** Sets one server up on the host, with a database and a user of this name, and keeps it as an image. */
export async function buildServerImage(lab: BenchLab, user: string): Promise<ServerImage> {
  const [name, first] = ['quayside-bench-server', 'quayside-bench-first']
  const password = randomBytes(18).toString('base64url')
  const settings = [
    // Not where the image has a volume, which is no part of what is kept.
    'PGDATA=/cluster',
    `POSTGRES_USER=${user}`,
    `POSTGRES_DB=${user}`,
    `POSTGRES_PASSWORD=${password}`,
  ]
  await lab.onHost(`
    docker run -d --name ${first} ${settings.map((one) => `-e ${one}`).join(' ')} ${image}
    until docker exec ${first} pg_isready -q -h 127.0.0.1; do sleep 0.2; done
    docker stop ${first}
    docker commit ${first} ${name}
    docker rm ${first}
  `)
  return { name, password }
}
