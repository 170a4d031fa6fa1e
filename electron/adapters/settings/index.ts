import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { settingsSchema, usualSettings, type Settings } from '../../../shared/contract/settings.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Log, SettingsStore } from '../../domain/ports.ts'

// One of an older version may hold less; what a newer one wrote besides is kept as it is.
const fileSchema = z.looseObject(settingsSchema.partial().shape)

type Kept = { readonly settings: Settings; readonly besides: Readonly<Record<string, unknown>> }

/** Keeps the settings in a small file of the home, written whole or not at all. */
export function createSettingsFile({ home, log }: { home: string; log: Log }): SettingsStore {
  const file = join(home, 'settings.json')
  let kept: Kept | null = null
  let told = false

  const read = (): Kept => {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch (cause) {
      // Missing until the first choice; without it everything is as usual.
      if (isMissing(cause)) return { settings: usualSettings, besides: {} }
      throw unreadable(file, cause)
    }
    try {
      const given = fileSchema.parse(JSON.parse(text))
      const known = Object.entries(given).filter(([name]) => name in settingsSchema.shape)
      const settings = settingsSchema.parse({ ...usualSettings, ...Object.fromEntries(known) })
      return { settings, besides: given }
    } catch (cause) {
      throw unreadable(file, cause)
    }
  }

  return {
    get() {
      try {
        return (kept ??= read()).settings
      } catch (thrown) {
        // What looks at them every other moment does not fill the log with it.
        if (!told) log.error('the settings could not be read: all are as usual', thrown)
        told = true
        return usualSettings
      }
    },
    set(settings) {
      // What can't be read is somebody's all the same, and is not written over.
      const besides = (kept ??= read()).besides
      const part = `${file}.${process.pid}.part`
      try {
        const text = `${JSON.stringify({ ...besides, ...settings }, null, 2)}\n`
        writeFileSync(part, text, { mode: 0o600 })
        renameSync(part, file)
      } catch (cause) {
        throw new QuaysideError('store_failed', 'The settings could not be kept.', {
          hint: `Check that ${file} can be written and that the disk is not full.`,
          cause,
        })
      }
      kept = { settings, besides }
    },
  }
}

function unreadable(file: string, cause: unknown): QuaysideError {
  return new QuaysideError('store_failed', `The settings in ${file} can’t be read.`, {
    hint: 'They are left as they are, and all is as usual meanwhile. Mend the file, or move it away to choose anew.',
    cause,
  })
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
}
