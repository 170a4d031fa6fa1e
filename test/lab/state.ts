import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import type { Instance } from './instance.ts'
import { processRecord } from './processes.ts'

const labState = z.object({
  /** The third number of the lab's addresses, 10.77.x.0/24. */
  subnet: z.int().min(0).max(255),
  /** The folder the registry serves. */
  registryStorage: z.string(),
  passphrase: z.string(),
  password: z.string(),
  hosts: z.array(z.object({ index: z.int().positive(), proxyPort: z.int() })),
  processes: z.record(z.string(), processRecord),
})

/** What has to be known to find the lab again and to take it down. */
export type LabState = z.infer<typeof labState>

/** The state on disk; undefined where this lab is not up. */
export function readState(instance: Instance): LabState | undefined {
  if (!existsSync(instance.stateFile)) return undefined
  return labState.parse(JSON.parse(readFileSync(instance.stateFile, 'utf8')))
}

/** Whole or not at all: a crash while writing leaves the state of before. */
export function writeState(instance: Instance, state: LabState): void {
  mkdirSync(dirname(instance.stateFile), { recursive: true })
  const draft = `${instance.stateFile}.new`
  writeFileSync(draft, JSON.stringify(state, null, 2), { mode: 0o600 })
  renameSync(draft, instance.stateFile)
}
