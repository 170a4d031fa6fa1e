import type { CheckStep, HostCheck } from '../../../shared/contract/hosts.ts'
import type { Core } from '../../domain/core.ts'
import type { Output } from '../output.ts'

/** Tells each step on the way to a host as it is walked; returns the way to stop. */
export function reportChecks(core: Core, out: Output): () => void {
  const told = new Set<string>()
  const tell = (check: HostCheck, step: CheckStep) => {
    const asked = step.state === 'running' ? step.fact : null
    const key = `${check.checkId}/${step.name}/${step.state}/${asked ?? ''}`
    if (told.has(key) || step.state === 'waiting' || step.state === 'not-run') return
    told.add(key)
    if (asked !== null) {
      // Without that the step does not go on.
      out.note(asked)
      return
    }
    if (step.state === 'running') {
      out.status(`${step.title} …`)
      return
    }
    out.progress(stepText(step), {
      step: step.name,
      title: step.title,
      state: step.state,
      fact: step.fact,
      ms: step.ms,
    })
    // What fails ends the command with its remedy; a warning has no other place than this.
    if (step.state === 'warning' && step.error !== null) {
      const { message, hint, remedy } = step.error
      out.note([message, hint, remedy].filter((part) => part !== undefined).join('\n  '))
    }
  }
  const stop = core.onEvent((event) => {
    if (event.type !== 'host-check') return
    for (const step of event.check.steps) tell(event.check, step)
  })
  return () => {
    stop()
    out.status('')
  }
}

const marks: Readonly<Record<CheckStep['state'], string>> = {
  waiting: ' ',
  running: '…',
  done: '✓',
  warning: '!',
  question: '?',
  failed: '✗',
  'not-run': ' ',
}

function stepText(step: CheckStep): string {
  const time = step.ms === null ? '' : `  ${Math.round(step.ms)} ms`
  return `${marks[step.state]} ${step.title}${step.fact === null ? '' : `: ${step.fact}`}${time}`
}
