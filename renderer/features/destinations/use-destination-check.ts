import { useState } from 'react'
import {
  destinationCheckSteps,
  type DestinationCheckStep,
} from '../../../shared/contract/destinations.ts'
import type { MethodInput } from '../../../shared/contract/index.ts'
import { useDestinationCheckNews } from '../../lib/live.ts'
import { useCheckDestination } from './mutations.ts'

const titles: Readonly<Record<DestinationCheckStep['name'], string>> = {
  write: 'Write a small object',
  read: 'Read it back',
  list: 'Find it in the list',
  delete: 'Delete it',
}

/** The steps as they stand before the first one is told of, so that nothing jumps when it is. */
const expected = destinationCheckSteps.map((name): DestinationCheckStep => ({
  name,
  title: titles[name],
  state: 'waiting',
  ms: null,
  error: null,
}))

/** What is checked: a destination that is kept, or one as filled in. */
export type CheckSubject = MethodInput<'destinations.check'>

/** A check of a destination and how far it is. */
export interface DestinationTrial {
  run(subject: CheckSubject): void
  pending: boolean
  /** False before the first check, and after `forget`. */
  asked: boolean
  steps: readonly DestinationCheckStep[]
  ok: boolean
  /** Why it could not even begin: a field that is wrong. */
  error: Error | null
  /** For when something has changed, so that the answer is no longer about it. */
  forget(): void
}

/** Tries to write, read, list and delete at a destination, on request. */
export function useDestinationCheck(): DestinationTrial {
  const mutation = useCheckDestination()
  const [checkId, setCheckId] = useState<string | null>(null)
  const live = useDestinationCheckNews(checkId)
  const told = mutation.data?.checkId === checkId ? mutation.data : live
  return {
    run(subject) {
      const id = crypto.randomUUID()
      setCheckId(id)
      mutation.mutate({ ...subject, checkId: id })
    },
    pending: mutation.isPending,
    asked: checkId !== null,
    steps: told?.steps ?? expected,
    ok: told?.ok ?? false,
    error: checkId === null ? null : mutation.error,
    forget() {
      setCheckId(null)
    },
  }
}
