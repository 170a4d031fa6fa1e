import { expect, it } from 'vitest'
import { loginSettings } from './login-settings.ts'

it.each([
  ['17', '-c event_triggers=off'],
  ['18.1-alpine', '-c event_triggers=off'],
  // Older servers know no such setting, and refuse a login that asks for it.
  ['16.4', ''],
  ['latest', ''],
  [undefined, ''],
])('at a server of version %j it is %j', (version, settings) => {
  expect(loginSettings(version)).toBe(settings)
})
