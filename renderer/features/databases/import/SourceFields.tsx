import { Button, SegmentedControl } from '@mantine/core'
import { PasswordField } from '../../../ui/PasswordField.tsx'
import { PathInput } from '../../../ui/PathInput.tsx'
import type { ImportSource } from './use-import-plan.ts'
import classes from './Import.module.css'

const order: ('label' | 'input' | 'error' | 'description')[] = [
  'label',
  'input',
  'error',
  'description',
]

/** A file of this computer, or the connection string of a server elsewhere. */
export function SourceFields(props: {
  source: ImportSource
  onChange: (source: ImportSource) => void
  error: string | undefined
  /** Looks at the server; null while something is missing. */
  onLook: (() => void) | null
  looking: boolean
}) {
  const { source, onChange, error, onLook, looking } = props
  return (
    <div>
      <div className={classes.label}>From</div>
      <SegmentedControl
        size="xs"
        aria-label="From"
        value={source.kind}
        data={[
          { value: 'file', label: 'File' },
          { value: 'server', label: 'Server elsewhere' },
        ]}
        onChange={(kind) => {
          onChange(kind === 'server' ? { kind, url: '' } : { kind: 'file', path: '' })
        }}
      />
      <div className={classes.source}>
        {source.kind === 'file' ? (
          <PathInput
            label="File"
            description="A dump in custom format or SQL statements, as they are or compressed by gzip, zstd or lz4."
            inputWrapperOrder={order}
            placeholder="/home/me/old-shop.sql.gz"
            choice={{ what: 'file' }}
            value={source.path}
            error={error}
            onChange={(path) => {
              onChange({ kind: 'file', path })
            }}
          />
        ) : (
          <div className={classes.server}>
            <PasswordField
              label="Connection string"
              description="As the host below reaches that server. Its password goes to the keychain until the import is done."
              inputWrapperOrder={order}
              placeholder="scheme://user:password@db.example.com/shop"
              classNames={{ input: 'mono' }}
              autoComplete="off"
              spellCheck={false}
              maxLength={4096}
              value={source.url}
              error={error}
              onChange={(event) => {
                onChange({ kind: 'server', url: event.currentTarget.value })
              }}
            />
            <Button
              className={classes.look ?? ''}
              disabled={onLook === null}
              loading={looking}
              onClick={() => {
                onLook?.()
              }}
            >
              Look at the server
            </Button>
          </div>
        )}
      </div>
    </div>
  )
}
