import type { DestinationCheckStep } from '../../../shared/contract/destinations.ts'
import { formatDuration } from '../../lib/format.ts'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { StepList } from '../../ui/StepList.tsx'

/** What a destination was able to do, step by step; the failing step opens by itself. */
export function DestinationCheckSteps({ steps }: { steps: readonly DestinationCheckStep[] }) {
  return (
    <StepList
      label="Steps of the check"
      steps={steps.map(({ name, title, state, ms, error }) => ({
        key: name,
        title,
        state,
        ...(ms !== null && { right: formatDuration(ms) }),
        ...(error !== null && { body: <ErrorBox error={error} /> }),
      }))}
    />
  )
}
