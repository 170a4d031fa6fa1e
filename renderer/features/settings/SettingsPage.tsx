import { SegmentedControl, Switch } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { SecretsStatus } from '../../../shared/contract/secrets.ts'
import { settingsSchema, type Settings } from '../../../shared/contract/settings.ts'
import { call } from '../../lib/call.ts'
import { CopyIcon } from '../../ui/CopyButton.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { FactRow, Facts } from '../../ui/Facts.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { TextButton } from '../../ui/TextButton.tsx'
import { showError } from '../../ui/toasts.tsx'
import { appStateQuery } from '../app/queries.ts'
import { secretsQuery } from '../secrets/queries.ts'
import { appQuery, settingsQuery } from './queries.ts'
import classes from './SettingsPage.module.css'

/** What can be chosen, and what this installation is. */
export function SettingsPage() {
  const settings = useQuery(settingsQuery)
  return (
    <Page header={<PageHeader title="Settings" />}>
      <div className={classes.page}>
        {settings.isError && <ErrorBox error={settings.error} />}
        {settings.isPending && <LoadingRows />}
        {settings.data !== undefined && <Choices settings={settings.data} />}
        <Installation />
      </div>
    </Page>
  )
}

function Choices({ settings }: { settings: Settings }) {
  const change = useMutation({
    mutationFn: (next: Partial<Settings>) => call('settings.set', next),
    onError: showError,
  })
  const toggle = (name: 'closeToTray' | 'notifications', title: string, text: string) => (
    <Choice title={title} text={text}>
      <Switch
        aria-label={title}
        checked={settings[name]}
        disabled={change.isPending}
        onChange={(event) => {
          change.mutate({ [name]: event.currentTarget.checked })
        }}
      />
    </Choice>
  )
  return (
    <>
      <section>
        <h2 className={classes.title}>Appearance</h2>
        <Choice title="Theme" text="System follows what the desktop has.">
          <SegmentedControl
            size="xs"
            aria-label="Theme"
            value={settings.theme}
            data={[
              { value: 'auto', label: 'System' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
            onChange={(value) => {
              change.mutate({ theme: settingsSchema.shape.theme.parse(value) })
            }}
          />
        </Choice>
      </section>
      <section>
        <h2 className={classes.title}>Desktop</h2>
        {toggle(
          'closeToTray',
          'Stay in the tray',
          'Tunnels stay open and jobs go on. Where the desktop shows no tray, closing ends Quayside.',
        )}
        {toggle(
          'notifications',
          'Notifications',
          'For a host or database that breaks, for an update, and for long work that is done.',
        )}
      </section>
    </>
  )
}

function Choice(props: { title: string; text: string; children: ReactNode }) {
  const { title, text, children } = props
  return (
    <div className={classes.choice}>
      <div>
        <div className={classes.name}>{title}</div>
        <div className={classes.text}>{text}</div>
      </div>
      {children}
    </div>
  )
}

function Installation() {
  const app = useQuery(appQuery)
  const secrets = useQuery(secretsQuery)
  const update = useQuery(appStateQuery).data?.update ?? null
  const install = useMutation({
    mutationFn: () => call('app.installUpdate', {}),
    onError: showError,
  })
  if (app.isError) return <ErrorBox error={app.error} />
  return (
    <Facts title="This installation" labelWidth={120}>
      <FactRow label="Version">{app.data?.version ?? '…'}</FactRow>
      {update !== null && (
        <FactRow label="Update">
          {update} is ready ·{' '}
          <TextButton
            onClick={() => {
              install.mutate()
            }}
          >
            Quit and install
          </TextButton>
        </FactRow>
      )}
      <FactRow label="Passwords">
        {secrets.data === undefined ? '…' : secretsWords(secrets.data)}
      </FactRow>
      <FactRow
        label="Data"
        stacked
        mono
        action={app.data && <CopyIcon copy={app.data.home} label="Copy path" />}
      >
        {app.data?.home ?? '…'}
      </FactRow>
    </Facts>
  )
}

function secretsWords({ place, state }: SecretsStatus): string {
  const where = place === 'keychain' ? 'System keychain' : 'Vault file'
  return { ready: where, locked: `${where}, locked`, absent: `${where}, not there` }[state]
}
