import { checkSteps } from '../../../shared/contract/hosts.ts'
import type { CheckStep, CheckStepName, HostCheck } from '../../../shared/contract/hosts.ts'
import { fromErrorData, toErrorData } from '../../../shared/errors.ts'
import type { ErrorData, QuaysideError } from '../../../shared/errors.ts'
import type { HostCheckRequest } from '../../domain/ports.ts'
import type { Route } from './target.ts'

/** The steps of a check as they are walked; each change is told. */
export interface Walk {
  name(route: Route): void
  start(step: CheckStepName): void
  /** What the user has to do, while the step runs. */
  waitFor(step: CheckStepName, fact: string): void
  done(step: CheckStepName, fact: string): void
  /** What stands in nobody's way, but should be mended. */
  warn(step: CheckStepName, fact: string, warning: QuaysideError): void
  /** A step that failed while others still run. */
  failed(step: CheckStepName, thrown: unknown): void
  skip(step: CheckStepName): void
  /** Ends the step that runs, and with it the walk. */
  fail(thrown: unknown): void
  result(): HostCheck
}

/** Every step waits at first. */
export function createWalk({ checkId, connection, onProgress }: HostCheckRequest): Walk {
  const port = connection.kind === 'ssh' ? connection.port : 22
  const user = connection.kind === 'ssh' ? connection.user : 'the user'
  let steps = checkSteps.map((name): CheckStep => ({
    name,
    state: 'waiting',
    title: titleOf(name, port, user),
    fact: null,
    ms: null,
    error: null,
  }))
  let unknownKey: HostCheck['unknownKey'] = null
  let startedAt = performance.now()

  const result = (): HostCheck => ({
    checkId,
    steps,
    unknownKey,
    ok: steps.every(({ state }) => state === 'done' || state === 'warning'),
  })
  const change = (name: CheckStepName, to: Partial<CheckStep>) => {
    steps = steps.map((step) => (step.name === name ? { ...step, ...to } : step))
    onProgress?.(result())
  }
  const turn = (from: CheckStep['state'], to: CheckStep['state'], but?: CheckStepName) => {
    steps = steps.map((step) =>
      step.state === from && step.name !== but ? { ...step, state: to } : step,
    )
  }
  const ms = () => Math.round(performance.now() - startedAt)

  return {
    name(route) {
      const last = route.at(-1)
      if (last)
        steps = steps.map((step) => ({ ...step, title: titleOf(step.name, last.port, last.user) }))
    },
    start(step) {
      startedAt = performance.now()
      change(step, { state: 'running' })
    },
    waitFor: (step, fact) => change(step, { fact }),
    done: (step, fact) => change(step, { state: 'done', fact, ms: ms() }),
    warn: (step, fact, warning) =>
      change(step, { state: 'warning', fact, ms: ms(), error: toErrorData(warning) }),
    failed: (step, thrown) =>
      change(step, { state: 'failed', ms: ms(), error: toErrorData(thrown) }),
    skip: (step) => change(step, { state: 'not-run' }),
    fail(thrown) {
      const error = toErrorData(thrown)
      const keyStep = error.code.startsWith('host_key')
      // The key of a jump host is shown before the way to the host is known to be open.
      if (keyStep) turn('running', 'waiting', 'host-key')
      const at = keyStep ? 'host-key' : steps.find((step) => step.state === 'running')?.name
      if (at === undefined) throw fromErrorData(error)
      const key = newKey(error)
      if (key === null) {
        turn('waiting', 'not-run', at)
        return change(at, { state: 'failed', fact: null, ms: ms(), error })
      }
      unknownKey = key
      change('host-key', {
        state: 'question',
        fact: `Key shown by ${error.facts?.['host'] ?? 'the server'}`,
      })
    },
    result,
  }
}

/** The key that waits for the user's word; null where the error is another one. */
function newKey({ code, facts }: ErrorData): HostCheck['unknownKey'] {
  const fingerprint = facts?.['fingerprint']
  if (code !== 'host_key_unknown' || facts?.['accepted'] !== undefined) return null
  return fingerprint === undefined ? null : { fingerprint, type: facts?.['type'] ?? 'unknown' }
}

function titleOf(step: CheckStepName, port: number, user: string): string {
  switch (step) {
    case 'address':
      return 'Find the address'
    case 'port':
      return `Reach port ${port}`
    case 'host-key':
      return 'Is this your server?'
    case 'login':
      return `Log in as ${user}`
    case 'docker':
      return 'Find Docker'
    case 'permission':
      return `May ${user} use Docker?`
    case 'version':
      return 'Docker version'
    case 'disk':
      return 'Disk and memory'
    case 'clock':
      return 'Clock'
  }
}
