import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { HostView } from '../../../shared/contract/hosts.ts'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import { useShowsFailures } from '../../lib/shown-failures.ts'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { StepList } from '../../ui/StepList.tsx'
import { hasEnded, jobsQuery } from '../jobs/queries.ts'
import { expectedSteps } from './check-steps.ts'
import { checkStepLines } from './CheckStepLines.tsx'
import { InstallDocker } from './InstallDocker.tsx'
import { InstallJob } from './InstallJob.tsx'
import type { HostRecheck } from './use-host-recheck.ts'

/**
 * The way to a host that is kept, walked step by step: the failing step opens by itself with its
 * remedy, what can be checked after it still is. Walks once by itself when it is shown.
 */
export function HostDiagnosis({ host, recheck }: { host: HostView; recheck: HostRecheck }) {
  const { connection } = host
  const [installing, setInstalling] = useState(false)
  const jobs = useQuery(jobsQuery).data
  const job = newestInstall(jobs ?? [], host)
  useShowsFailures((each) => isInstallOn(each, host))
  const running = job !== undefined && !hasEnded(job)
  const known = jobs !== undefined
  const { run } = recheck

  // Once at the beginning, and whenever an installation has come to its end.
  const walked = useRef(false)
  useEffect(() => {
    if (!known) return
    if (running) walked.current = false
    else if (!walked.current) {
      walked.current = true
      run({})
    }
  })

  const shown = job !== undefined && job.state !== 'done' ? <InstallJob job={job} /> : undefined
  if (running) return shown
  return (
    <>
      <StepList
        label="Steps of the check"
        steps={checkStepLines({
          steps: recheck.check?.steps ?? expectedSteps(connection),
          connection,
          unknownKey: recheck.check?.unknownKey ?? null,
          pending: recheck.pending,
          onTrust: (acceptHostKey) => {
            run({ acceptHostKey })
          },
          onSecret: (secret) => {
            run({ secret })
          },
          onAgain: () => {
            run({})
          },
          onInstall: () => {
            setInstalling(true)
          },
          installation: installing ? (
            <InstallDocker
              host={host}
              onBack={() => {
                setInstalling(false)
              }}
            />
          ) : (
            shown
          ),
        })}
      />
      {recheck.error !== null && <ErrorBox error={recheck.error} />}
    </>
  )
}

function newestInstall(jobs: readonly JobView[], host: HostView): JobView | undefined {
  return jobs.find((each) => isInstallOn(each, host))
}

function isInstallOn({ kind, hostId }: JobView, host: HostView): boolean {
  return kind === jobKinds.installDocker && hostId === host.id
}
