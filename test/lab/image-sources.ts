import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { repository } from '../../scripts/program.ts'

const sources = join(import.meta.dirname, 'images')

/** What all images stand on: a small Debian, as `debian:bookworm-slim` is. */
export const base = {
  suite: 'bookworm',
  /** Where its packages come from; debootstrap's own choice where not said. */
  mirror: process.env['QUAYSIDE_DEBIAN_MIRROR'],
  packages: readFileSync(join(sources, 'base/packages'), 'utf8').trim().split('\n'),
}

const imageSettings = z.object({
  /** The tags under which it is pulled. */
  tags: z.array(z.string()),
  /** The Debian package whose version the image is told, by this build argument. */
  package: z.string(),
  versionArgument: z.string(),
})

/** An image of the lab: a folder here with a Dockerfile and image.json. */
export type ImageSource = z.infer<typeof imageSettings> & {
  readonly name: string
  readonly folder: string
  /** Another one for each change of what it is made of. */
  readonly key: string
}

export function imageSources(): ImageSource[] {
  const names = readdirSync(sources).filter((name) => name !== 'base')
  return names.sort().map((name) => {
    const folder = join(sources, name)
    const settings = imageSettings.parse(
      JSON.parse(readFileSync(join(folder, 'image.json'), 'utf8')),
    )
    const contents = readdirSync(folder)
      .sort()
      .map((file) => [file, readFileSync(join(folder, file), 'utf8')])
    return { name, folder, key: hash([baseKey(), contents]), ...settings }
  })
}

export function baseKey(): string {
  return hash([base.suite, base.packages])
}

/** A short name for data of any kind; another one for other data. */
export function hash(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 12)
}

/** Where what was built is kept, for all labs that are given the same folder. */
export function cacheFolder(): string {
  return process.env['QUAYSIDE_CACHE'] || join(repository, '.cache', 'lab')
}
