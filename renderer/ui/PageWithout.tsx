import type { ReactNode } from 'react'
import { EmptyState } from './EmptyState.tsx'
import { ErrorBox } from './ErrorBox.tsx'
import { LoadingRows } from './LoadingRows.tsx'
import { Page, PageHeader } from './Page.tsx'

interface PageWithoutProps {
  title: string
  back: string
  /** The list in which the page's subject was looked for. */
  query: { isPending: boolean; isError: boolean; error: unknown }
  /** Says that the subject is gone. */
  gone: string
  /** What became of it. */
  children: ReactNode
}

/** A page whose subject isn't there: not yet loaded, not to be had, or gone. */
export function PageWithout({ title, back, query, gone, children }: PageWithoutProps) {
  return (
    <Page header={<PageHeader title={title} back={back} />}>
      {query.isError && <ErrorBox error={query.error} />}
      {query.isPending && <LoadingRows />}
      {!query.isPending && !query.isError && <EmptyState title={gone}>{children}</EmptyState>}
    </Page>
  )
}
