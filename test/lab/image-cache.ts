import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun, say } from '../../scripts/program.ts'
import type { LabContext } from './context.ts'
import { buildBase, buildImages } from './image-build.ts'
import { baseKey, cacheFolder, hash, imageSources } from './image-sources.ts'
import { withLock } from './lock.ts'

/**
 * The folder of a registry that holds all images of the lab. Builds what the cache lacks: the base
 * (debootstrap), then each image into a registry folder of its own; those are joined by hard links.
 */
export async function ensureImages(lab: LabContext): Promise<string> {
  const cache = cacheFolder()
  mkdirSync(cache, { recursive: true })
  const images = imageSources()
  const joined = join(cache, `registry-${hash(images.map(({ key }) => key))}`)
  if (existsSync(joined)) return joined
  const wait = () => say('Another lab builds the images: waiting for it …')
  return withLock(
    join(cache, 'lock'),
    async () => {
      if (existsSync(joined)) return joined
      const baseFile = join(cache, `base-${baseKey()}.tar`)
      const parts = images.map((image) => ({
        image,
        storage: join(cache, `${image.name}-${image.key}`),
      }))
      const missing = parts.filter(({ storage }) => !existsSync(storage))
      if (missing.length > 0 && !existsSync(baseFile)) {
        say('Making the base of the images (debootstrap) …')
        await whole(baseFile, (draft) => buildBase(draft))
      }
      if (missing.length > 0) await buildImages(lab, { baseFile, wanted: missing, whole })
      await whole(joined, async (draft) => {
        mkdirSync(draft)
        for (const { storage } of parts) await mustRun('cp', ['-al', `${storage}/.`, draft])
      })
      return joined
    },
    wait,
  )
}

/** Makes a file or a folder under another name first: what has its name is complete. */
export async function whole(path: string, make: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.part`
  rmSync(draft, { recursive: true, force: true })
  await make(draft)
  renameSync(draft, path)
}
