import type { UseFormReturnType } from '@mantine/form'
import { useHotkeys } from '@mantine/hooks'
import { IconDeviceLaptop, IconFileText, IconServer2 } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { MethodOutput } from '../../../shared/contract/index.ts'
import { plural } from '../../lib/format.ts'
import { Kbd } from '../../ui/Kbd.tsx'
import { OptionCard, OptionGroup } from '../../ui/OptionCard.tsx'
import type { HostFormValues, HostWay } from './host-form.ts'
import classes from './HostForm.module.css'

type Suggestions = MethodOutput<'hosts.suggestions'> | undefined

const ways: readonly { way: HostWay; label: string; icon: ReactNode }[] = [
  { way: 'ssh', label: 'A server over SSH', icon: <IconServer2 size={18} stroke={1.5} /> },
  { way: 'ssh-config', label: 'From SSH config', icon: <IconFileText size={18} stroke={1.5} /> },
  { way: 'local', label: 'This computer', icon: <IconDeviceLaptop size={18} stroke={1.5} /> },
]

/** The three ways to begin, with what this computer knows of each; ⌘1 to ⌘3 choose. */
export function HostWays({
  form,
  suggestions,
}: {
  form: UseFormReturnType<HostFormValues>
  suggestions: Suggestions
}) {
  const choose = (way: HostWay) => {
    form.setFieldValue('way', way)
    form.clearErrors()
  }
  useHotkeys(
    ways.map(({ way }, index): [string, () => void] => [
      `mod+${index + 1}`,
      () => {
        choose(way)
      },
    ]),
    [],
  )
  return (
    <OptionGroup label="Way to the host" columns="repeat(3, minmax(0, 1fr))">
      {ways.map(({ way, label, icon }, index) => (
        <OptionCard
          key={way}
          name="way"
          label={label}
          bare
          tall
          checked={form.values.way === way}
          onChoose={() => {
            choose(way)
          }}
        >
          <span className={classes.optionIcon}>{icon}</span>
          <span className={classes.optionText}>
            <span className={classes.optionTitle}>{label}</span>
            <span className={classes.optionFact}>{factOf(way, suggestions)}</span>
          </span>
          <span className={classes.kbd}>
            <Kbd keys={`mod+${index + 1}`} />
          </span>
        </OptionCard>
      ))}
    </OptionGroup>
  )
}

function factOf(way: HostWay, suggestions: Suggestions): string {
  if (way === 'ssh') return 'Address, user and key'
  if (suggestions === undefined) return '…'
  if (way === 'ssh-config') {
    const count = suggestions.sshConfig.length
    return count === 0 ? 'No names in ~/.ssh/config' : `${plural(count, 'name')} in ~/.ssh/config`
  }
  return suggestions.local === null
    ? 'No Docker answers here'
    : `Docker ${suggestions.local.dockerVersion} is running`
}
