import { Modal } from '@mantine/core'
import { Kbd } from '../ui/Kbd.tsx'
import classes from './Shortcuts.module.css'

type Line = readonly [what: string, ...keys: string[]]

const groups: readonly { title: string; lines: readonly Line[] }[] = [
  {
    title: 'Everywhere',
    lines: [
      ['Databases, hosts and commands by name', 'mod+K'],
      ['Databases', 'mod+1'],
      ['Hosts', 'mod+2'],
      ['Backups', 'mod+3'],
      ['Activity', 'mod+4'],
      ['Settings', 'mod+5'],
      ['Create database', 'mod+N'],
      ['Undo the last act', 'mod+Z'],
      ['Cancel the job that is shown', 'mod+.'],
      ['Light or dark', 'mod+shift+L'],
      ['Back, close', 'Esc'],
      ['These shortcuts', '?'],
    ],
  },
  {
    title: 'In the list of databases',
    lines: [
      ['Search', '/'],
      ['Move', 'up', 'down', 'J', 'K'],
      ['First, last', 'Home', 'End'],
      ['Open', 'enter'],
      ['Beside the list', 'Space'],
      ['Select', 'X'],
      ['Select several', 'shift+up', 'shift+down'],
      ['Select all', 'mod+A'],
      ['Close the panel, clear the selection', 'Esc'],
      ['Copy connection URL', 'mod+C'],
      ['Open or close the tunnel', 'mod+T'],
      ['Back up now', 'mod+B'],
    ],
  },
]

/** All keys on one sheet. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      size={720}
      attributes={{ content: { 'aria-label': 'Keyboard shortcuts' } }}
    >
      <h2 className={classes.title} tabIndex={-1} data-autofocus>
        Keyboard shortcuts
      </h2>
      <div className={classes.groups}>
        {groups.map(({ title, lines }) => (
          <section key={title}>
            <h3 className={classes.group}>{title}</h3>
            <dl className={classes.lines}>
              {lines.map(([what, ...keys]) => (
                <div key={what} className={classes.line}>
                  <dt>{what}</dt>
                  <dd className={classes.keys}>
                    {keys.map((key) => (
                      <Kbd key={key} keys={key} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
