import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'

/** One question the list can be narrowed by; several answers may be chosen. */
export function FilterMenu<T extends string>({
  label,
  options,
  chosen,
  onChange,
}: {
  label: string
  options: readonly { value: T; label: string }[]
  chosen: ReadonlySet<T>
  onChange: (chosen: ReadonlySet<T>) => void
}) {
  const toggle = (value: T) => {
    const next = new Set(chosen)
    if (!next.delete(value)) next.add(value)
    onChange(next)
  }
  const only = chosen.size === 1 ? options.find((each) => chosen.has(each.value)) : undefined
  const summary = chosen.size > 1 ? `${label} ${chosen.size}` : (only?.label ?? label)
  return (
    <Menu closeOnItemClick={false} position="bottom-start" width={176}>
      <Menu.Target>
        <Button
          rightSection={<IconChevronDown stroke={1.5} />}
          aria-label={`Filter by ${label.toLowerCase()}${chosen.size > 0 ? `: ${summary}` : ''}`}
          {...(chosen.size > 0 ? { c: 'var(--q-accent)' } : { c: 'var(--q-text2)' })}
        >
          {summary}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {options.map((option) => (
          <Menu.CheckboxItem
            key={option.value}
            checked={chosen.has(option.value)}
            onChange={() => {
              toggle(option.value)
            }}
          >
            {option.label}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
