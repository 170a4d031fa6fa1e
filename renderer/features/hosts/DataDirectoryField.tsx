import { TextInput, type TextInputProps } from '@mantine/core'
import { dataDirectorySchema } from '../../../shared/contract/hosts.ts'

/** Where a host's new databases keep their data; empty for Docker's volumes. */
export function DataDirectoryField(props: TextInputProps & { 'data-autofocus'?: boolean }) {
  return (
    <TextInput
      label="Data directory (optional)"
      description="An absolute path on the host. Each new database gets a folder there instead of a volume."
      inputWrapperOrder={['label', 'input', 'error', 'description']}
      placeholder="/srv/databases"
      autoComplete="off"
      spellCheck={false}
      {...props}
    />
  )
}

/** What is wrong with a directory as typed; nothing where it is empty. */
export function dataDirectoryError(typed: string): string | undefined {
  if (typed.trim() === '') return undefined
  return dataDirectorySchema.safeParse(typed).error?.issues[0]?.message
}

/** A directory as typed, for the core. */
export function dataDirectoryOf(typed: string): string | null {
  return typed.trim() === '' ? null : typed.trim()
}
