import type { ReactNode } from 'react'
import classes from './OptionCard.module.css'

/** Cards side by side of which one is chosen; arrow keys move between them. */
export function OptionGroup({
  label,
  columns,
  children,
}: {
  label: string
  columns: string
  children: ReactNode
}) {
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={classes.group}
      style={{ gridTemplateColumns: columns }}
    >
      {children}
    </div>
  )
}

interface OptionProps {
  name: string
  /** The accessible name. */
  label: string
  checked: boolean
  onChoose: () => void
  disabled?: boolean
  /** Without the round mark, where the card's own icon takes its place. */
  bare?: boolean
  production?: boolean
  /** With room for a second line. */
  tall?: boolean
  children: ReactNode
}

/** A whole card as one radio button. */
export function OptionCard(props: OptionProps) {
  const { bare, production, tall, children } = props
  const names = [
    classes.card,
    production === true && classes.production,
    tall === true && classes.tall,
  ]
  return (
    <label className={names.filter(Boolean).join(' ')}>
      <OptionInput {...props} />
      {bare !== true && <span className={classes.dot} aria-hidden />}
      {children}
    </label>
  )
}

/** A row of a table as one radio button; the row is positioned by whoever draws it. */
export function OptionDot(props: Omit<OptionProps, 'children' | 'bare' | 'production' | 'tall'>) {
  return (
    <>
      <OptionInput {...props} />
      <span className={classes.dot} aria-hidden />
    </>
  )
}

function OptionInput({
  name,
  label,
  checked,
  onChoose,
  disabled,
}: Omit<OptionProps, 'children' | 'bare' | 'production' | 'tall'>) {
  return (
    <input
      type="radio"
      className={classes.input}
      name={name}
      aria-label={label}
      checked={checked}
      disabled={disabled}
      onChange={onChoose}
    />
  )
}
