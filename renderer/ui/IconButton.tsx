import { UnstyledButton } from '@mantine/core'
import type { ComponentProps, ReactNode, Ref } from 'react'
import classes from './IconButton.module.css'

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'ref' | 'children'> {
  /** The accessible name; `Tips` shows it on hover. */
  label: string
  framed?: boolean
  large?: boolean
  children: ReactNode
  ref?: Ref<HTMLButtonElement>
}

/** A button that is one icon, with a name. */
export function IconButton({ label, framed, large, children, ref, ...rest }: IconButtonProps) {
  const names = [classes.button, framed && classes.framed, large && classes.large]
  return (
    <UnstyledButton
      {...rest}
      {...(ref !== undefined && { ref })}
      aria-label={label}
      data-tip
      className={names.filter(Boolean).join(' ')}
    >
      {children}
    </UnstyledButton>
  )
}
