import { Button } from '@mantine/core'
import { IconDatabaseExclamation, IconLogout } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { plural } from '../../lib/format.ts'
import { Banner } from '../../ui/Banner.tsx'
import { useStay } from './mutations.ts'
import { appStateQuery } from './queries.ts'

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
          title={`Quayside quits when ${plural(quitsAfter, 'job is', 'jobs are')} done`}
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
