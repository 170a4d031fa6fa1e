import {
  IconAlertTriangle,
  IconCheck,
  IconCircleDashedCheck,
  IconX,
  type Icon,
} from '@tabler/icons-react'
import type { CopyState } from './backup-rows.ts'

const signs: Readonly<
  Record<CopyState, { icon: Icon; stroke: number; color: string; label: string }>
> = {
  verified: { icon: IconCheck, stroke: 1.8, color: 'var(--q-ok)', label: 'Verified' },
  unverified: {
    icon: IconCircleDashedCheck,
    stroke: 1.6,
    color: 'var(--q-text3)',
    label: 'Not verified yet',
  },
  doubtful: {
    icon: IconAlertTriangle,
    stroke: 1.6,
    color: 'var(--q-warn-shape)',
    label: 'Needs a look',
  },
  failed: { icon: IconX, stroke: 1.8, color: 'var(--q-fail)', label: 'Failed' },
}

/** How far what lies somewhere can be relied on, as a sign. */
export function CopySign({ state }: { state: CopyState }) {
  const { icon: Icon, label, ...look } = signs[state]
  return <Icon size={14} aria-label={label} {...look} />
}
