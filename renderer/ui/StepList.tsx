import type { ReactNode } from 'react'
import { noValue } from '../lib/format.ts'
import { StepIcon, type StepState } from './StepIcon.tsx'
import classes from './StepList.module.css'

/** One line of a step list. */
export interface Step {
  key: string
  state: StepState
  title: string
  fact?: ReactNode
  /** At the right: time, or what is waited for. */
  right?: ReactNode
  /** Below: progress, a question, an error with its remedy. */
  body?: ReactNode
}

const stateWords: Readonly<Record<StepState, string>> = {
  done: 'done',
  warning: 'done, with a warning',
  running: 'running',
  waiting: 'waiting',
  question: 'waits for you',
  failed: 'failed',
  'not-run': 'not run',
  undone: 'undone',
}

/** What happens step by step; the same for creating, checking a host and looking at a job. */
export function StepList({ steps, label }: { steps: readonly Step[]; label: string }) {
  return (
    <ol className={classes.list} aria-label={label}>
      {steps.map((step) => (
        <li
          key={step.key}
          className={classes.step}
          aria-current={step.state === 'running' ? 'step' : undefined}
        >
          <span className={classes.icon}>
            <StepIcon state={step.state} label={stateWords[step.state]} />
          </span>
          <div>
            <div className={`${classes.title} ${titleClass(step.state)}`}>{step.title}</div>
            {step.fact !== undefined && step.fact !== null && (
              <div className={classes.fact}>{step.fact}</div>
            )}
          </div>
          <span className={classes.right}>{step.right ?? rightOf(step.state)}</span>
          {step.body !== undefined && <div className={classes.body}>{step.body}</div>}
        </li>
      ))}
    </ol>
  )
}

function titleClass(state: StepState): string {
  if (state === 'waiting' || state === 'not-run') return classes.quiet ?? ''
  if (state === 'running' || state === 'failed' || state === 'question') return classes.strong ?? ''
  return ''
}

function rightOf(state: StepState): string {
  switch (state) {
    case 'not-run':
    case 'undone':
    case 'question':
      return stateWords[state]
    case 'waiting':
      return noValue
    default:
      return ''
  }
}
