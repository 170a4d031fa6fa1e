import type { TestProject } from 'vitest/node'
import { labVariable } from '../../scripts/test-suite.ts'
import { openLab } from '../lab/lab.ts'

/** The lab as tests get it, by `inject('lab')`. */
export type LabDescription = Pick<Awaited<ReturnType<typeof openLab>>, 'hosts' | 'local' | 'env'>

declare module 'vitest' {
  interface ProvidedContext {
    lab: LabDescription
  }
}

/**
 * Before the tests against the lab: uses the one that `npm test` has up already, else brings up one
 * and takes it down afterwards. The lab's environment (its keychain) becomes that of the tests.
 */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env[labVariable]
  if (given !== undefined) {
    provide(project, JSON.parse(given) as LabDescription)
    return undefined
  }
  const lab = await openLab({ hosts: 2 })
  provide(project, lab)
  return async () => {
    await lab.down()
  }
}

function provide(project: TestProject, { hosts, local, env }: LabDescription): void {
  Object.assign(process.env, env)
  project.provide('lab', { hosts, local, env })
}
