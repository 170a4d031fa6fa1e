import type { ReactNode } from 'react'

export type StepState =
  'done' | 'warning' | 'running' | 'waiting' | 'question' | 'failed' | 'not-run' | 'undone'

const ring = { cx: 9, cy: 9, r: 8.25, fill: 'none' } as const

const drawings: Readonly<Record<StepState, ReactNode>> = {
  done: (
    <g stroke="var(--q-ok)" strokeWidth="1.3" fill="none" strokeLinecap="round">
      <circle {...ring} />
      <path d="m5.8 9.3 2.3 2.2 4.2-4.6" strokeLinejoin="round" />
    </g>
  ),
  warning: (
    <g stroke="var(--q-warn-shape)" fill="none" strokeWidth="1.3" strokeLinecap="round">
      <path d="M9 1.9 17 15.6H1Z" strokeLinejoin="round" />
      <path d="M9 6.8v4.1" />
      <circle cx="9" cy="13.2" r=".35" fill="var(--q-warn-shape)" strokeWidth=".8" />
    </g>
  ),
  running: (
    <g fill="none" strokeWidth="2">
      <circle cx="9" cy="9" r="8" stroke="var(--q-line)" />
      <path d="M9 1a8 8 0 1 1-7.4 5" stroke="var(--q-accent)" />
    </g>
  ),
  waiting: <circle {...ring} stroke="var(--q-line2)" strokeWidth="1.3" />,
  question: (
    <g stroke="var(--q-accent)" fill="none" strokeWidth="1.3" strokeLinecap="round">
      <circle {...ring} fill="var(--q-accent-tint)" />
      <path d="M7.2 7.2a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.8.6-.8 1.2" />
      <circle cx="9" cy="12.3" r=".35" fill="var(--q-accent)" strokeWidth=".8" />
    </g>
  ),
  failed: (
    <g>
      <rect width="18" height="18" rx="4" fill="var(--q-fail-fill)" />
      <path d="m6 6 6 6m0-6-6 6" stroke="#fff" strokeWidth="1.5" strokeLinecap="round" />
    </g>
  ),
  'not-run': (
    <circle {...ring} stroke="var(--q-line2)" strokeWidth="1.3" strokeDasharray="2.6 2.6" />
  ),
  undone: (
    <g stroke="var(--q-text3)" fill="none" strokeWidth="1.3" strokeLinecap="round">
      <circle {...ring} stroke="var(--q-line2)" />
      <path d="M7.4 6.2 5.4 8.2l2 2M5.6 8.2h4.8a1.9 1.9 0 0 1 0 3.8H8.6" strokeLinejoin="round" />
    </g>
  ),
}

/** The 18 px sign in front of a step. */
export function StepIcon({ state, label }: { state: StepState; label: string }) {
  return (
    <svg width="18" height="18" viewBox="0 0 18 18" role="img" aria-label={label}>
      {drawings[state]}
    </svg>
  )
}
