import * as z from 'zod'
import { methods } from './method.ts'

/** What the user has chosen for this installation. */
export const settingsSchema = z.strictObject({
  /** Closing the window leaves the app in the tray, where the desktop shows one. */
  closeToTray: z.boolean(),
  /** The system's notifications for what broke and for long work that is done. */
  notifications: z.boolean(),
  /** Of windows, menus and dialogs; `auto` is what the desktop has. */
  theme: z.enum(['auto', 'light', 'dark']),
  /** How the window was left, such as what is folded in its list: JSON by the window's own names. */
  remembered: z.record(z.string().max(50), z.string().max(100_000)),
})
export type Settings = z.infer<typeof settingsSchema>

/** As it is until the user chooses otherwise. */
export const usualSettings: Settings = {
  closeToTray: true,
  notifications: true,
  theme: 'auto',
  remembered: {},
}

export const settingsMethods = methods({
  'settings.get': { input: z.strictObject({}), output: settingsSchema },
  /** Changes those that are named; the others stay, also among what is remembered. */
  'settings.set': { input: settingsSchema.partial(), output: settingsSchema },
})
