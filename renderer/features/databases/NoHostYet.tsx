import { Button } from '@mantine/core'
import { useLocation } from 'wouter'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'

/** In place of a form for a database, where there is nothing it could run on. */
export function NoHostYet({ title }: { title: string }) {
  const [, navigate] = useLocation()
  return (
    <Page header={<PageHeader title={title} back="/databases" />}>
      <EmptyState
        title="No host yet"
        action={
          <Button
            variant="filled"
            onClick={() => {
              navigate('/hosts/new')
            }}
          >
            Add host
          </Button>
        }
      >
        A database runs on a host: a server over SSH, or this computer. Add one first.
      </EmptyState>
    </Page>
  )
}
