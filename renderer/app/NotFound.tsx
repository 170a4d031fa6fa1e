import { Button } from '@mantine/core'
import { useLocation } from 'wouter'
import { EmptyState } from '../ui/EmptyState.tsx'
import { Page, PageHeader } from '../ui/Page.tsx'

/** For an address that leads nowhere any more. */
export function NotFound() {
  const [, navigate] = useLocation()
  return (
    <Page header={<PageHeader title="Nothing here" back="/databases" />}>
      <EmptyState
        title="There is nothing at this place"
        action={
          <Button
            variant="filled"
            onClick={() => {
              navigate('/databases')
            }}
          >
            Show databases
          </Button>
        }
      >
        What stood here was removed, or the way to it is out of date.
      </EmptyState>
    </Page>
  )
}
