/** The states of the app that can be looked at. */
export const scenarioNames = [
  'usual',
  'first-run',
  'no-databases',
  'slow-check',
  'failing-check',
  'no-docker',
  'install-cut',
  'passphrase',
  'no-keychain',
  'vault-locked',
  'creating',
  'create-failed',
  'many',
  'backups-gone',
  'busy-tunnel',
  'tunnel-elsewhere',
  'disk-full',
] as const

export type Scenario = (typeof scenarioNames)[number]
