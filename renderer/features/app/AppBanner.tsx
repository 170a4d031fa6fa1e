import { Button } from '@mantine/core'
import { IconDatabaseExclamation, IconLogout } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useStay } from './mutations.ts'
import { appStateQuery } from './queries.ts'
import classes from './AppBanner.module.css'

/** Says, above every screen, what this computer can't keep, and that Quayside is about to quit. */
export function AppBanner() {
  const state = useQuery(appStateQuery).data
  const stay = useStay()
  if (state === undefined) return null
  const { storeError, quitsAfter } = state
  return (
    <>
      {storeError !== null && (
        <Banner
          label="Data"
          icon={<IconDatabaseExclamation size={18} stroke={1.5} />}
          title={storeError.message}
          hint={`What hosts tell is shown, and can’t be kept for now. ${storeError.hint ?? ''}`.trim()}
        />
      )}
      {quitsAfter !== null && (
        <Banner
          label="Quitting"
          icon={<IconLogout size={18} stroke={1.5} />}
          title={`Quayside quits when ${quitsAfter === 1 ? '1 job is' : `${quitsAfter} jobs are`} done`}
          hint="As you chose when you quit."
        >
          <Button
            size="xs"
            loading={stay.isPending}
            onClick={() => {
              stay.mutate()
            }}
          >
            Stay open
          </Button>
        </Banner>
      )}
    </>
  )
}

function Banner(props: {
  label: string
  icon: ReactNode
  title: string
  hint: string
  children?: ReactNode
}) {
  const { label, icon, title, hint, children } = props
  return (
    <section className={classes.banner} role="status" aria-label={label}>
      <span className={classes.icon}>{icon}</span>
      <div className={classes.words}>
        <div className={classes.title}>{title}</div>
        <div className={classes.hint}>{hint}</div>
      </div>
      {children}
    </section>
  )
}
