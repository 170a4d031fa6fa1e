import { expect, it } from 'vitest'
import { loginSettings } from './login-settings.ts'

it.each([
  ['17', '-c client_connection_check_interval=5s -c event_triggers=off'],
  ['18.1-alpine', '-c client_connection_check_interval=5s -c event_triggers=off'],
  ['16.4', '-c client_connection_check_interval=5s'],
  ['14', '-c client_connection_check_interval=5s'],
  // Older servers know no such setting, and refuse a login that asks for it.
  ['13.22', ''],
  ['latest', ''],
  [undefined, ''],
])('at a server of version %j it is %j', (version, settings) => {
  expect(loginSettings(version)).toBe(settings)
})
