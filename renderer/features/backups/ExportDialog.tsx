import { Button } from '@mantine/core'
import { useState } from 'react'
import { codecs, type Codec } from '../../../shared/backup-manifest.ts'
import { codecExtensions } from '../../../shared/backup-names.ts'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { sentenceOfError, wordsOfError } from '../../lib/error-words.ts'
import { Dialog, DialogButtons, DialogText } from '../../ui/Dialog.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { PathInput } from '../../ui/PathInput.tsx'
import { CodecSelect } from './DestinationChoice.tsx'
import { useExportFile } from './mutations.ts'
import classes from './BackupDialog.module.css'

/** Asks for a file of this computer that a database is dumped to, then begins it. */
export function ExportDialog({
  database,
  onClose,
}: {
  database: DatabaseView
  onClose: () => void
}) {
  const { id, name, environment, containerName } = database
  const [path, setPath] = useState('')
  const [codec, setCodec] = useState<Codec>('gzip')
  const start = useExportFile()
  const atPath = start.isError && wordsOfError(start.error).field === 'path'
  const begin = () => {
    if (path.trim() === '' || start.isPending) return
    start.mutate({ databaseId: id, path: path.trim() }, { onSuccess: onClose })
  }
  return (
    <Dialog
      title={`Export ${name} to a file`}
      mark={<EnvironmentMark environment={environment} />}
      production={environment === 'production'}
      size={560}
      onClose={onClose}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          begin()
        }}
      >
        <DialogText>
          One dump, checked while it is made. The file is there once it is whole, and nothing is
          overwritten. It is not encrypted, and Quayside does not look after it.
        </DialogText>
        <div className={classes.group}>
          <CodecSelect
            codec={codec}
            onChange={(next) => {
              setCodec(next)
              setPath(withEnding(path, next))
            }}
          />
        </div>
        <PathInput
          label="File"
          description={`Its ending says how it is compressed: ${endingOf(codec)}.`}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          placeholder={`/home/me/${containerName}${endingOf(codec)}`}
          choice={{ what: 'new-file', name: `${containerName}${endingOf(codec)}` }}
          value={path}
          error={atPath ? sentenceOfError(start.error) : undefined}
          onChange={(next) => {
            start.reset()
            setPath(next)
            setCodec(codecOf(next) ?? codec)
          }}
          data-autofocus
        />
        {start.isError && !atPath && (
          <div className={classes.error}>
            <ErrorBox error={start.error} />
          </div>
        )}
        <DialogButtons onCancel={onClose}>
          <Button
            type="submit"
            variant="filled"
            disabled={path.trim() === ''}
            loading={start.isPending}
          >
            Export database
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

function endingOf(codec: Codec): string {
  return `.dump${codecExtensions[codec]}`
}

/** What the name of a file says of its compression; null where it has no ending of ours. */
function codecOf(path: string): Codec | null {
  return codecs.find((codec) => path.endsWith(endingOf(codec))) ?? null
}

function withEnding(path: string, codec: Codec): string {
  const before = codecOf(path)
  return before === null ? path : `${path.slice(0, -endingOf(before).length)}${endingOf(codec)}`
}
