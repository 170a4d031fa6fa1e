import { UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { CopyIcon } from './CopyButton.tsx'
import classes from './TechnicalCause.module.css'

/** The technical side of an error, one click away, to copy into a report. */
export function TechnicalCause({ detail }: { detail: string }) {
  const [open, setOpen] = useState(false)
  const id = useId()
  const Chevron = open ? IconChevronDown : IconChevronRight
  return (
    <div>
      <div className={classes.row}>
        <UnstyledButton
          className={classes.toggle}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => {
            setOpen(!open)
          }}
        >
          <Chevron size={14} stroke={1.5} />
          Technical cause
        </UnstyledButton>
        {open && <CopyIcon copy={detail} label="Copy technical cause" />}
      </div>
      {open && (
        <pre id={id} className={classes.text}>
          {detail}
        </pre>
      )}
    </div>
  )
}
