import type { ReactNode } from 'react'

/** What a dot can say: shape and colour together, so that neither stands alone. */
export type StateKind = 'running' | 'attention' | 'failed' | 'stopped' | 'working' | 'unknown'

// What a database turns between most often is drawn by one path, which then stays.
const shapes: Readonly<Record<StateKind, ReactNode>> = {
  running: <path d="M9 5a4 4 0 1 1-8 0a4 4 0 1 1 8 0Z" fill="var(--q-ok)" />,
  attention: <path d="M5 0.6 9.8 9H0.2Z" fill="var(--q-warn-shape)" />,
  failed: <rect x="1" y="1" width="8" height="8" rx="1.5" fill="var(--q-fail)" />,
  stopped: <circle cx="5" cy="5" r="3.4" fill="none" stroke="var(--q-text3)" strokeWidth="1.2" />,
  working: (
    <g fill="none" strokeWidth="1.8">
      <circle cx="5" cy="5" r="3.6" stroke="var(--q-line2)" />
      <path d="M5 1.4A3.6 3.6 0 1 1 1.9 6.8" stroke="var(--q-accent)" />
    </g>
  ),
  unknown: (
    <circle
      cx="5"
      cy="5"
      r="3.7"
      fill="none"
      stroke="var(--q-text3)"
      strokeWidth="1.2"
      strokeDasharray="1.9 1.42"
    />
  ),
}

/** The state of a database, host or job as an 8 px shape; `label` is what a screen reader says. */
export function StateDot({ kind, label }: { kind: StateKind; label: string }) {
  return (
    <svg
      width="10"
      height="10"
      viewBox="0 0 10 10"
      role="img"
      aria-label={label}
      style={{ flex: 'none' }}
    >
      {shapes[kind]}
    </svg>
  )
}
