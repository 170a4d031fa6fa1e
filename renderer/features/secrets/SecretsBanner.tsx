import { Button } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { SecretsStatus } from '../../../shared/contract/secrets.ts'
import { Banner } from '../../ui/Banner.tsx'
import { CreateVault, UnlockVault } from './VaultDialogs.tsx'
import { secretsQuery } from './queries.ts'

/** Says, above every screen, why passwords can't be kept or read now, and what to do. */
export function SecretsBanner() {
  const queries = useQueryClient()
  const status = useQuery(secretsQuery).data
  const [dialog, setDialog] = useState<'create' | 'unlock' | null>(null)
  const close = () => {
    setDialog(null)
  }
  if (status === undefined || status.state === 'ready') return null
  const words = wordsFor(status)
  return (
    <Banner
      label="Passwords"
      icon={<IconLock size={18} stroke={1.5} />}
      title={status.error?.message ?? words.title}
      hint={status.error?.hint ?? words.hint}
    >
      {status.place === 'keychain' && (
        <>
          <Button
            size="xs"
            onClick={() => {
              void queries.invalidateQueries({ queryKey: secretsQuery.queryKey })
            }}
          >
            Check again
          </Button>
          {status.state === 'absent' && (
            <Button
              size="xs"
              onClick={() => {
                setDialog('create')
              }}
            >
              Use a vault file instead…
            </Button>
          )}
        </>
      )}
      {status.place === 'vault' && status.state === 'locked' && (
        <Button
          size="xs"
          onClick={() => {
            setDialog('unlock')
          }}
        >
          Unlock vault…
        </Button>
      )}
      {dialog === 'create' && <CreateVault onClose={close} />}
      {dialog === 'unlock' && <UnlockVault onClose={close} />}
    </Banner>
  )
}

function wordsFor({ place, state }: SecretsStatus): { title: string; hint: string } {
  if (place === 'vault') {
    return {
      title: 'The vault is locked',
      hint: 'Passwords can’t be read or kept until it is unlocked with its passphrase.',
    }
  }
  return state === 'locked'
    ? {
        title: 'The keychain is locked',
        hint: 'Unlock it in your system, then check again.',
      }
    : {
        title: 'This computer has no keychain',
        hint: 'Passwords are kept in the system’s keychain only. Start one, or use a vault file.',
      }
}
