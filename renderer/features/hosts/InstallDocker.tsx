import { useEffect, useRef } from 'react'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { InstallPlan } from './InstallPlan.tsx'
import { useInstallDocker, usePlanDockerInstall } from './mutations.ts'

/** The plan for a host that is kept, and its beginning; the job shows by itself then. */
export function InstallDocker({ host, onBack }: { host: HostView; onBack: () => void }) {
  const plan = usePlanDockerInstall()
  const install = useInstallDocker()
  const { mutate } = plan
  const hostId = host.id
  const asked = useRef(false)
  useEffect(() => {
    if (asked.current) return
    asked.current = true
    mutate({ hostId })
  }, [mutate, hostId])
  const again = () => {
    install.reset()
    plan.mutate({ hostId })
  }
  return (
    <InstallPlan
      plan={plan.data}
      error={plan.error ?? install.error}
      pending={install.isPending}
      action="Install Docker"
      onInstall={({ key }) => {
        install.mutate({ id: hostId, key })
      }}
      onAgain={again}
      onBack={onBack}
    />
  )
}
