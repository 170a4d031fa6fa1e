import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { settingsSchema, usualSettings, type Settings } from '../../../shared/contract/settings.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Log, SettingsStore } from '../../domain/ports.ts'

// One that a newer version wrote may hold more, one of an older version less.
const fileSchema = z.object(settingsSchema.partial().shape)

/** Keeps the settings in a small file of the home, written whole or not at all. */
export function createSettingsFile({ home, log }: { home: string; log: Log }): SettingsStore {
  const file = join(home, 'settings.json')
  let settings: Settings | null = null

  const read = (): Settings => {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch {
      // Missing until the first choice; without it everything is as usual.
      return usualSettings
    }
    try {
      const given = Object.entries(fileSchema.parse(JSON.parse(text)))
      return settingsSchema.parse({ ...usualSettings, ...Object.fromEntries(given) })
    } catch (thrown) {
      log.error('the settings could not be read: all are as usual', thrown)
      return usualSettings
    }
  }

  return {
    get: () => (settings ??= read()),
    set(next) {
      const part = `${file}.${process.pid}.part`
      try {
        writeFileSync(part, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 })
        renameSync(part, file)
      } catch (cause) {
        throw new QuaysideError('store_failed', 'The settings could not be kept.', {
          hint: `Check that ${file} can be written and that the disk is not full.`,
          cause,
        })
      }
      settings = next
    },
  }
}
