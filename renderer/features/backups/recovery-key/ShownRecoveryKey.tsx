import { Button } from '@mantine/core'
import { IconFileDownload } from '@tabler/icons-react'
import { CodeLine } from '../../../ui/CodeLine.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { copyRecoveryKey, useSaveRecoveryKeyFile } from './queries.ts'
import classes from './RecoveryKey.module.css'

/** The key itself, and the two ways out of this computer. */
export function ShownRecoveryKey({ text }: { text: string }) {
  const save = useSaveRecoveryKeyFile()
  return (
    <>
      <CodeLine wrap label="Recovery key">
        {text}
      </CodeLine>
      <div className={classes.ways}>
        <CopyButton size="xs" copy={copyRecoveryKey} label="Copy" />
        <Button
          size="xs"
          leftSection={<IconFileDownload stroke={1.5} />}
          loading={save.isPending}
          onClick={() => {
            save.mutate()
          }}
        >
          Save to a file…
        </Button>
        <span>It leaves the clipboard after 60 s.</span>
      </div>
    </>
  )
}
