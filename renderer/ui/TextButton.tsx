import type { ReactNode } from 'react'
import classes from './TextButton.module.css'

/** A quiet button that reads as a link. */
export function TextButton({ onClick, children }: { onClick: () => void; children: ReactNode }) {
  return (
    <button type="button" className={classes.link} onClick={onClick}>
      {children}
    </button>
  )
}
