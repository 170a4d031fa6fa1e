import { keyLabel } from '../lib/keys.ts'
import classes from './Kbd.module.css'

/** A shortcut in this system's signs; `plain` is for inside a button. */
export function Kbd({ keys, plain = false }: { keys: string; plain?: boolean }) {
  return (
    <kbd className={plain ? `${classes.kbd} ${classes.plain}` : classes.kbd} aria-hidden>
      {keyLabel(keys, window.quayside.platform)}
    </kbd>
  )
}
