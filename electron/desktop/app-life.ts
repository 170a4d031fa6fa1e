import type { AppLife } from '../domain/ports.ts'

/** Keeps what the desktop app tells of itself; filled by its updates and its end. */
export interface DesktopLife extends AppLife {
  /** An update lies ready, and is installed like this. */
  updateIsReady(version: string, install: () => void): void
  /** It quits once so many jobs are done; null where it no longer does. */
  quitsOnce(jobs: number | null): void
  /** What takes that back. */
  onStay(stay: () => void): void
}

export function createAppLife(): DesktopLife {
  let update: { version: string; install: () => void } | null = null
  let jobs: number | null = null
  let stay: () => void = () => undefined
  const listeners = new Set<() => void>()
  const tell = (): void => {
    for (const listener of listeners) listener()
  }
  return {
    update: () => update?.version ?? null,
    installUpdate: () => {
      update?.install()
      return update !== null
    },
    quitsAfter: () => jobs,
    stay: () => stay(),
    onChange: (listener) => void listeners.add(listener),
    updateIsReady: (version, install) => {
      update = { version, install }
      tell()
    },
    quitsOnce: (now) => {
      if (now === jobs) return
      jobs = now
      tell()
    },
    onStay: (way) => {
      stay = way
    },
  }
}
