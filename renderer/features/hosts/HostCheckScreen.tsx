import { Button } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { HostConnection } from '../../../shared/contract/hosts.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { connectionLine } from '../../lib/host-state.ts'
import { useHostCheck } from '../../lib/live.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { StepList } from '../../ui/StepList.tsx'
import { expectedSteps } from './check-steps.ts'
import { checkStepLines } from './CheckStepLines.tsx'
import { hostFormField } from './host-form.ts'
import { InstallForNewHost } from './InstallForNewHost.tsx'
import { useCheckHost } from './mutations.ts'
import { NameHost } from './NameHost.tsx'
import classes from './HostCheckScreen.module.css'

interface HostCheckScreenProps {
  request: { connection: HostConnection; secret?: string }
  /** Back to the form, with the error that has to be mended there. */
  onBack: (error?: unknown) => void
}

/** The way to a new host, step by step, with the question about its key on the way. */
export function HostCheckScreen({ request, onBack }: HostCheckScreenProps) {
  const { connection } = request
  const check = useCheckHost()
  const [checkId, setCheckId] = useState<string | null>(null)
  const [secret, setSecret] = useState(request.secret)
  const [acceptHostKey, setAcceptHostKey] = useState<string>()
  const [stopped, setStopped] = useState(false)
  const [installing, setInstalling] = useState(false)
  const live = useHostCheck(checkId)
  const { mutate } = check

  const run = useCallback(
    (more: { secret?: string | undefined; acceptHostKey?: string | undefined }) => {
      setInstalling(false)
      const id = crypto.randomUUID()
      setCheckId(id)
      setSecret(more.secret)
      setAcceptHostKey(more.acceptHostKey)
      mutate(
        {
          checkId: id,
          connection,
          ...(more.secret !== undefined && { secret: more.secret }),
          ...(more.acceptHostKey !== undefined && { acceptHostKey: more.acceptHostKey }),
        },
        {
          onError: (thrown) => {
            if (hostFormField(toErrorData(thrown).field) !== undefined) onBack(thrown)
          },
        },
      )
    },
    [connection, mutate, onBack],
  )

  const started = useRef(false)
  useEffect(() => {
    if (started.current) return
    started.current = true
    run({ secret: request.secret })
  }, [request.secret, run])

  const again = (more: { secret?: string; acceptHostKey?: string } = {}) => {
    run({ secret, acceptHostKey, ...more })
  }
  const finished = check.data?.checkId === checkId ? check.data : undefined
  const shown = finished ?? live
  const given = {
    connection,
    ...(secret !== undefined && { secret }),
    ...(acceptHostKey !== undefined && { acceptHostKey }),
  }
  const back = () => {
    onBack()
  }

  if (stopped) {
    return (
      <Page header={<PageHeader title="Add host" back={back} aside={connectionLine(connection)} />}>
        <EmptyState
          title="Stopped at the host key"
          action={
            <Button variant="filled" onClick={back}>
              Back to the address
            </Button>
          }
        >
          Nothing was sent to the server and its key was not kept. Check the address. If it is
          right, another machine may be answering in its place.
        </EmptyState>
      </Page>
    )
  }
  return (
    <Page header={<PageHeader title="Add host" back={back} aside={connectionLine(connection)} />}>
      <div className={classes.column}>
        <div className={classes.card}>
          <StepList
            label="Steps of the check"
            steps={checkStepLines({
              steps: shown?.steps ?? expectedSteps(connection),
              connection,
              unknownKey: shown?.unknownKey ?? null,
              pending: check.isPending,
              onTrust: (fingerprint) => {
                again({ acceptHostKey: fingerprint })
              },
              onDiffers: () => {
                setStopped(true)
              },
              onSecret: (given) => {
                again({ secret: given })
              },
              onAgain: () => {
                again()
              },
              onInstall: () => {
                setInstalling(true)
              },
              ...(installing && {
                installation: (
                  <InstallForNewHost
                    request={given}
                    onBack={() => {
                      setInstalling(false)
                    }}
                  />
                ),
              }),
              onBack,
            })}
          />
        </div>
        {check.isError && (
          <div className={classes.after}>
            <ErrorBox
              error={check.error}
              actions={
                <Button
                  size="xs"
                  onClick={() => {
                    again()
                  }}
                >
                  Check again
                </Button>
              }
            />
          </div>
        )}
        {finished?.ok === true ? (
          <NameHost request={given} />
        ) : (
          connection.kind !== 'local' && (
            <div className={classes.note}>
              <IconLock size={14} stroke={1.5} />
              Once you trust it, the key is pinned. If it ever changes, Quayside stops and shows
              both.
            </div>
          )
        )}
      </div>
    </Page>
  )
}
