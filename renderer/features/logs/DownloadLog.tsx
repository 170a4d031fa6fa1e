import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { call } from '../../lib/call.ts'
import { plural } from '../../lib/format.ts'
import { onLog } from '../../lib/live-logs.ts'
import { showDone, showError } from '../../ui/toasts.tsx'
import classes from './Logs.module.css'

/** Saves the whole log as a file; says how far it is, since nobody knows how much there will be. */
export function DownloadLog({ database }: { database: DatabaseView }) {
  const [lines, setLines] = useState(0)
  const download = useMutation({
    mutationFn: async (follower: string) => {
      setLines(0)
      const stopListening = onLog(follower, (news) => {
        setLines(news.first)
      })
      try {
        return await call('logs.download', { databaseId: database.id, follower })
      } finally {
        stopListening()
      }
    },
    onSuccess: ({ saved, lines }) => {
      if (saved) showDone(`${plural(lines, 'line')} saved`)
    },
    onError: showError,
  })
  return (
    <>
      {download.isPending && lines > 0 && (
        <>
          <span className={classes.saving}>{plural(lines, 'line')} read so far</span>
          <Button
            onClick={() => {
              void call('logs.unfollow', { follower: download.variables })
            }}
          >
            Cancel download
          </Button>
        </>
      )}
      <Button
        leftSection={<IconDownload stroke={1.5} />}
        loading={download.isPending}
        onClick={() => {
          download.mutate(crypto.randomUUID())
        }}
      >
        Download…
      </Button>
    </>
  )
}
