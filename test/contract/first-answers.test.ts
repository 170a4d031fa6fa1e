import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createDiagnostics } from '../../electron/adapters/log/index.ts'
import { createSettingsFile } from '../../electron/adapters/settings/index.ts'
import {
  someDatabase,
  someHost,
  standingClock,
  temporaryFolder,
} from '../../electron/adapters/sqlite/fixtures.ts'
import { compose } from '../../electron/compose.ts'
import { openHome } from '../../electron/compose/open-home.ts'
import { createEngines } from '../../electron/domain/engines.ts'
import { createFirstAnswers, type FirstAnswers } from '../../electron/domain/first-answers.ts'
import { engines as installedEngines } from '../../electron/engines/index.ts'
import { openDoor } from './door.ts'

/** All that it answers, but for the moment since which a host is being connected. */
async function listsOf({ settings, hosts, databases, engines }: FirstAnswers) {
  const connecting = (await hosts.list({})).map(({ status, ...rest }) => ({
    ...rest,
    state: status.state,
  }))
  return {
    settings: await settings.get({}),
    databases: await databases.list({}),
    engines: await engines.list({}),
    hosts: connecting,
  }
}

it('what the window is drawn from first is what the core says as long as it has asked no host', async () => {
  using folder = temporaryFolder()
  const home = join(folder.path, 'home')
  const clock = standingClock()
  const stores = await openHome({ home, clock })
  const host = someHost()
  const lastKnown = {
    status: 'running',
    reason: null,
    since: 5,
    startedAt: 5,
    at: clock.now() - 1_000,
  } as const
  stores.hosts.insert(host)
  for (const record of [
    someDatabase(host, { name: 'made', containerName: 'a', volumeName: 'a' }),
    someDatabase(host, {
      name: 'known',
      containerName: 'b',
      volumeName: 'b',
      state: 'ready',
      lastKnown,
    }),
    someDatabase(host, {
      name: 'thrown',
      containerName: 'c',
      volumeName: 'c',
      state: 'trash',
      deletedAt: 7,
    }),
  ])
    stores.databases.insert(record)
  const diagnostics = createDiagnostics(home)
  const first = createFirstAnswers({
    stores,
    clock,
    settings: createSettingsFile({ home, log: diagnostics.log }),
    engines: createEngines(installedEngines),
  })
  const said = await listsOf(first)
  expect(said.databases.map(({ status }) => status).sort()).toEqual([
    'creating',
    'trash',
    'unknown',
  ])

  const core = await compose({ home, version: '0.0.0-test', stores, diagnostics, watches: true })
  try {
    expect(await listsOf(core)).toEqual(said)
  } finally {
    await core.close()
  }
})

it('a door with some methods leaves the others to the next one, but for what is no method at all', async () => {
  const door = openDoor(() => [], ['hosts.list'])
  expect(await door.call('hosts.list', {})).toEqual({ ok: true, value: [] })
  await expect(door.call('jobs.list', {})).rejects.toThrow('another one')
  expect(await door.call('jobs.lost', {})).toMatchObject({ ok: false })
  expect(door.reached.map(({ name }) => name)).toEqual(['hosts.list'])
})
