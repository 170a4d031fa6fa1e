import { Button, TextInput, type TextInputProps } from '@mantine/core'
import type { FileChoice } from '../../shared/contract/files.ts'
import { choosePath } from '../lib/choose-path.ts'
import { showError } from './toasts.tsx'
import classes from './PathInput.module.css'

interface PathInputProps extends Omit<TextInputProps, 'value' | 'onChange' | 'rightSection'> {
  value: string
  onChange: (path: string) => void
  /** What the system's dialog asks for. */
  choice: FileChoice
}

/** A place on this computer: typed, or chosen in the system's dialog. */
export function PathInput({ value, onChange, choice, ...rest }: PathInputProps) {
  const choose = () => {
    choosePath(choice).then((path) => {
      if (path !== null) onChange(path)
    }, showError)
  }
  return (
    <TextInput
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      {...rest}
      value={value}
      onChange={(event) => {
        onChange(event.currentTarget.value)
      }}
      rightSectionWidth="auto"
      rightSectionPointerEvents="auto"
      rightSection={
        <Button size="xs" className={classes.choose ?? ''} onClick={choose}>
          {choice.what === 'folder' ? 'Choose folder…' : 'Choose file…'}
        </Button>
      }
    />
  )
}
