import * as z from 'zod'
import { methods } from './method.ts'

/** What the user has chosen for this installation. */
export const settingsSchema = z.strictObject({
  /** Closing the window leaves the app in the tray, where the desktop shows one. */
  closeToTray: z.boolean(),
  /** The system's notifications for what broke and for long work that is done. */
  notifications: z.boolean(),
})
export type Settings = z.infer<typeof settingsSchema>

/** As it is until the user chooses otherwise. */
export const usualSettings: Settings = {
  closeToTray: true,
  notifications: true,
}

export const settingsMethods = methods({
  'settings.get': { input: z.strictObject({}), output: settingsSchema },
  /** Changes those that are named; the others stay. */
  'settings.set': { input: settingsSchema.partial(), output: settingsSchema },
})
