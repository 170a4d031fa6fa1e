import { UnstyledButton } from '@mantine/core'
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import classes from './Disclosure.module.css'

/** A titled part that folds. */
export function Disclosure({
  title,
  aside,
  open: openAtFirst = false,
  children,
}: {
  title: string
  aside?: ReactNode
  open?: boolean
  children: ReactNode
}) {
  const [open, setOpen] = useState(openAtFirst)
  const Chevron = open ? IconChevronDown : IconChevronRight
  return (
    <section>
      <UnstyledButton
        className={classes.toggle}
        aria-expanded={open}
        onClick={() => {
          setOpen(!open)
        }}
      >
        <Chevron size={14} stroke={1.5} />
        <span>{title}</span>
        {aside !== undefined && <span className={classes.aside}>{aside}</span>}
      </UnstyledButton>
      {open && children}
    </section>
  )
}
