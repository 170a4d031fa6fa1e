import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import { copyText } from '../lib/clipboard.ts'
import { showError } from './toasts.tsx'
import { IconButton } from './IconButton.tsx'

/** How long the button says “Copied”, milliseconds. */
const answerMs = 2000

function useCopy(copy: string | (() => Promise<unknown>)) {
  const [copied, setCopied] = useState(false)
  const run = () => {
    const done = typeof copy === 'string' ? copyText(copy) : copy()
    done.then(
      () => {
        setCopied(true)
        setTimeout(() => {
          setCopied(false)
        }, answerMs)
      },
      (thrown: unknown) => {
        showError(thrown)
      },
    )
  }
  return { copied, run }
}

interface CopyProps {
  /** The text itself, or what puts a secret on the clipboard without passing the window. */
  copy: string | (() => Promise<unknown>)
  /** What is copied, for the accessible name and the words on the button. */
  label: string
}

/** Copies and answers in its own words for two seconds. */
export function CopyButton({
  copy,
  label,
  size,
  variant = 'default',
  tabIndex,
}: CopyProps & { size?: 'xs'; variant?: 'default' | 'filled'; tabIndex?: number }) {
  const { copied, run } = useCopy(copy)
  return (
    <Button
      {...(size !== undefined && { size })}
      {...(tabIndex !== undefined && { tabIndex })}
      variant={variant}
      leftSection={copied ? <IconCheck stroke={1.5} /> : <IconCopy stroke={1.5} />}
      onClick={run}
      aria-live="polite"
    >
      {copied ? 'Copied' : label}
    </Button>
  )
}

/** The same as a bare icon, for rows. */
export function CopyIcon({ copy, label }: CopyProps) {
  const { copied, run } = useCopy(copy)
  return (
    <IconButton label={copied ? 'Copied' : label} onClick={run}>
      {copied ? (
        <IconCheck size={16} stroke={1.5} color="var(--q-ok)" />
      ) : (
        <IconCopy size={16} stroke={1.5} />
      )}
    </IconButton>
  )
}
