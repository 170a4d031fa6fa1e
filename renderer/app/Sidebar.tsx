import { UnstyledButton } from '@mantine/core'
import {
  IconArchive,
  IconDatabase,
  IconHistory,
  IconMoon,
  IconServer2,
  IconSettings,
  IconSun,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import type { DatabaseView } from '../../shared/contract/databases.ts'
import type { JobView } from '../../shared/contract/jobs.ts'
import { databasesQuery } from '../features/databases/queries.ts'
import { hostsQuery } from '../features/hosts/queries.ts'
import { hasEnded, jobsQuery } from '../features/jobs/queries.ts'
import { Kbd } from '../ui/Kbd.tsx'
import { Logo } from '../ui/Logo.tsx'
import { HostLink } from './HostLink.tsx'
import classes from './Sidebar.module.css'

/** The nouns, the hosts with their state, and the theme. */
export function Sidebar({
  scheme,
  onToggleScheme,
  onOpenPalette,
}: {
  scheme: 'light' | 'dark'
  onToggleScheme: () => void
  onOpenPalette: () => void
}) {
  // Counts alone, so that what changes in a database or a job draws nothing here.
  const databases = useQuery({ ...databasesQuery, select: countKept }).data
  const hosts = useQuery(hostsQuery).data
  const running = useQuery({ ...jobsQuery, select: countRunning }).data ?? 0
  return (
    <nav className={classes.sidebar} aria-label="Main">
      <div className={`${classes.brand} drag`}>
        {window.quayside.platform !== 'darwin' && (
          <>
            <Logo size={20} />
            Quayside
          </>
        )}
      </div>
      <div className={classes.nav}>
        <NavLink to="/databases" icon={<IconDatabase size={17} stroke={1.5} />} label="Databases">
          {databases}
        </NavLink>
        <NavLink to="/hosts" icon={<IconServer2 size={17} stroke={1.5} />} label="Hosts">
          {hosts?.length}
        </NavLink>
        <NavLink to="/backups" icon={<IconArchive size={17} stroke={1.5} />} label="Backups">
          {null}
        </NavLink>
        <NavLink to="/activity" icon={<IconHistory size={17} stroke={1.5} />} label="Activity">
          {running > 0 ? `${running} running` : null}
        </NavLink>
      </div>
      <div className={classes.hosts}>
        {hosts !== undefined && hosts.length > 0 && (
          <>
            <h2 className={classes.hostsTitle}>Hosts</h2>
            {hosts.map((host) => (
              <HostLink key={host.id} host={host} />
            ))}
          </>
        )}
      </div>
      <div className={classes.nav}>
        <NavLink to="/settings" icon={<IconSettings size={17} stroke={1.5} />} label="Settings">
          {null}
        </NavLink>
      </div>
      <UnstyledButton className={classes.commands} onClick={onOpenPalette}>
        Commands
        <Kbd keys="mod+K" />
      </UnstyledButton>
      <UnstyledButton className={classes.scheme} onClick={onToggleScheme}>
        <span className={classes.schemeName}>
          {scheme === 'dark' ? (
            <IconSun size={15} stroke={1.5} />
          ) : (
            <IconMoon size={15} stroke={1.5} />
          )}
          {scheme === 'dark' ? 'Light' : 'Dark'}
        </span>
        <Kbd keys="mod+shift+L" />
      </UnstyledButton>
    </nav>
  )
}

function countKept(databases: readonly DatabaseView[]): number {
  return databases.reduce((kept, { status }) => (status === 'trash' ? kept : kept + 1), 0)
}

function countRunning(jobs: readonly JobView[]): number {
  return jobs.filter((job) => !hasEnded(job)).length
}

function NavLink(props: { to: string; icon: ReactNode; label: string; children: ReactNode }) {
  const [location] = useLocation()
  const here = location === props.to || location.startsWith(`${props.to}/`)
  return (
    <Link href={props.to} className={classes.link ?? ''} aria-current={here ? 'page' : undefined}>
      {props.icon}
      {props.label}
      <span className={classes.count}>{props.children}</span>
    </Link>
  )
}
