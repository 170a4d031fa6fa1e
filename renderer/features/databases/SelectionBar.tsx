import { Button } from '@mantine/core'
import { IconPlayerPlay, IconSquare, IconX, type Icon } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { formatCount } from '../../lib/format.ts'
import { useOffer } from '../../lib/commands.ts'
import { Kbd } from '../../ui/Kbd.tsx'
import { BulkDialog } from './BulkDialog.tsx'
import { planBulk, type BulkAct, type BulkPlan } from './bulk.ts'
import { databasesQuery } from './queries.ts'
import { useBulk } from './use-bulk.ts'
import classes from './SelectionBar.module.css'

/** What can be done to the chosen databases, in the place of the list's footer. */
export function SelectionBar(props: {
  ids: ReadonlySet<string>
  /** Those that stand in the list. */
  shown: ReadonlySet<string>
  onClear: () => void
}) {
  const { ids, shown, onClear } = props
  const all = useQuery(databasesQuery).data ?? []
  const databases = all.filter(({ id, status }) => ids.has(id) && status !== 'trash')
  const unseen = databases.filter(({ id }) => !shown.has(id)).length
  const plans = {
    start: planBulk('start', databases, shown),
    stop: planBulk('stop', databases, shown),
  }
  const [asking, setAsking] = useState<BulkPlan | null>(null)
  const bulk = useBulk()
  const begin = (plan: BulkPlan) => {
    setAsking(null)
    bulk.mutate(plan)
    onClear()
  }
  const choose = (act: BulkAct) => () => {
    const plan = plans[act]
    if (plan.asks) setAsking(plan)
    else begin(plan)
  }
  useOffer([
    ...acts
      .filter((act) => plans[act].run.length > 0)
      .map((act) => ({
        id: `${act}-selected`,
        label: wordsOf(plans[act], 'selected'),
        icon: icons[act],
        run: choose(act),
      })),
    {
      id: 'clear-selection',
      label: 'Clear selection',
      icon: IconX,
      run: onClear,
    },
  ])
  return (
    <div role="toolbar" aria-label="Selected databases" className={classes.bar}>
      <span role="status" className={classes.count}>
        {formatCount(databases.length)} selected
        {unseen > 0 && (
          <span className={classes.unseen}>, {formatCount(unseen)} of them not shown</span>
        )}
      </span>
      <ActButton plan={plans.start} onClick={choose('start')} />
      <ActButton plan={plans.stop} onClick={choose('stop')} />
      <button type="button" className={classes.clear} onClick={onClear}>
        Clear selection <Kbd keys="Esc" />
      </button>
      {asking !== null && (
        <BulkDialog
          plan={asking}
          onConfirm={() => {
            begin(asking)
          }}
          onClose={() => {
            setAsking(null)
          }}
        />
      )}
    </div>
  )
}

const acts = ['start', 'stop'] as const satisfies readonly BulkAct[]

const icons = { start: IconPlayerPlay, stop: IconSquare } satisfies Record<BulkAct, Icon>

/** How many it would be is told where some are left out. */
function wordsOf({ act, run, skipped, asks }: BulkPlan, what = ''): string {
  const verb = act === 'start' ? 'Start' : 'Stop'
  const count = run.length > 0 && (skipped.length > 0 || what !== '') ? formatCount(run.length) : ''
  return `${[verb, count, what].filter((word) => word !== '').join(' ')}${asks ? '…' : ''}`
}

function ActButton({ plan, onClick }: { plan: BulkPlan; onClick: () => void }) {
  const Icon = icons[plan.act]
  return (
    <Button
      size="xs"
      leftSection={<Icon stroke={1.6} />}
      disabled={plan.run.length === 0}
      onClick={onClick}
    >
      {wordsOf(plan)}
    </Button>
  )
}
