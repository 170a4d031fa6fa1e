import { IconChevronLeft } from '@tabler/icons-react'
import { useHotkeys } from '@mantine/hooks'
import { useEffect, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { isFloating } from '../lib/keys.ts'
import { IconButton } from './IconButton.tsx'
import classes from './Page.module.css'

interface PageProps {
  header?: ReactNode
  children: ReactNode
  /** The column at the right edge. */
  rail?: ReactNode
  railWidth?: number
  /** Sidebar colour for the rail, as on the create page. */
  railTinted?: boolean
  footer?: ReactNode
  /** Draws production's edge along the top. */
  production?: boolean
  padded?: boolean
}

/** The frame of every screen: header, scrolling content, an optional rail and footer. */
export function Page(props: PageProps) {
  const { header, children, rail, railWidth = 288, railTinted, footer, production, padded } = props
  return (
    <div className={join(classes.page, production === true && classes.production)}>
      {header ?? <span />}
      <div
        className={join(classes.columns, rail !== undefined && classes.withRail)}
        style={{ '--rail': `${railWidth}px` }}
      >
        <div className={join(classes.content, padded !== false && classes.padded)}>{children}</div>
        {rail !== undefined && (
          <aside className={join(classes.rail, railTinted === true && classes.tinted)}>
            {rail}
          </aside>
        )}
      </div>
      {footer !== undefined && <footer className={classes.footer}>{footer}</footer>}
    </div>
  )
}

interface PageHeaderProps {
  title: string
  /** Where the arrow and Esc lead. */
  back?: string | (() => void)
  /** Before the title: an engine's icon, a state. */
  icon?: ReactNode
  /** Beside the title: an environment mark. */
  mark?: ReactNode
  /** Quiet words beside the title. */
  aside?: ReactNode
  /** A second line. */
  subtitle?: ReactNode
  /** What stands between title and actions: search, filters. */
  children?: ReactNode
  actions?: ReactNode
}

/** The title line of a screen. */
export function PageHeader(props: PageHeaderProps) {
  const { title, back, icon, mark, aside, subtitle, children, actions } = props
  useEffect(() => {
    document.title = `${title} – Quayside`
  }, [title])
  return (
    <header className={join(classes.header, 'drag', subtitle !== undefined && classes.tall)}>
      {back !== undefined && <BackButton back={back} />}
      {icon}
      <div className={classes.heading}>
        <div className={classes.titleLine}>
          <h1 className={classes.title}>{title}</h1>
          {mark}
          {aside !== undefined && <span className={classes.aside}>{aside}</span>}
        </div>
        {subtitle !== undefined && <div className={classes.subtitle}>{subtitle}</div>}
      </div>
      {children}
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </header>
  )
}

function BackButton({ back }: { back: string | (() => void) }) {
  const [, navigate] = useLocation()
  const go = () => {
    if (typeof back === 'string') navigate(back)
    else back()
  }
  useHotkeys([
    [
      'Escape',
      (event) => {
        if (!isFloating(event.target)) go()
      },
    ],
  ])
  return (
    <span className={classes.back}>
      <IconButton label="Back" onClick={go}>
        <IconChevronLeft size={18} stroke={1.6} />
      </IconButton>
    </span>
  )
}

function join(...names: (string | false | undefined)[]): string {
  return names.filter(Boolean).join(' ')
}
