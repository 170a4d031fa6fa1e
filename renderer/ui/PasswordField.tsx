import { PasswordInput, type PasswordInputProps } from '@mantine/core'

/** Mantine's, which by itself tells no screen reader that what was typed is wrong, as its other fields do. */
export function PasswordField(props: PasswordInputProps) {
  const { error } = props
  const isWrong = error !== undefined && error !== null && error !== false && error !== ''
  return <PasswordInput aria-invalid={isWrong ? true : undefined} {...props} />
}
