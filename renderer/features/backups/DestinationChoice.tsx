import { Checkbox, Select } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { codecs, type Codec } from '../../../shared/backup-manifest.ts'
import type { DestinationId, DestinationView } from '../../../shared/contract/destinations.ts'
import classes from './BackupDialog.module.css'

/** What the ways to compress are called. */
const codecLabels: Readonly<Record<Codec, string>> = {
  zstd: 'zstd: small and quick',
  lz4: 'lz4: quickest, larger',
  gzip: 'gzip: known everywhere',
  none: 'none',
}

/** Where backups go; the order is that of the list. */
export function DestinationChoice({
  destinations,
  chosen,
  onChange,
}: {
  destinations: readonly DestinationView[]
  chosen: readonly DestinationId[]
  onChange: (chosen: DestinationId[]) => void
}) {
  return (
    <fieldset className={classes.group}>
      <legend className={classes.label}>Destinations</legend>
      {destinations.map(({ id, name, place, offSite }) => (
        <Checkbox
          key={id}
          size="xs"
          className={classes.choice ?? ''}
          label={
            <>
              <b>{name}</b>, {offSite ? 'off-site' : 'on site'}
            </>
          }
          description={place}
          checked={chosen.includes(id)}
          onChange={(event) => {
            const { checked } = event.currentTarget
            onChange(
              destinations
                .map((each) => each.id)
                .filter((each) => (each === id ? checked : chosen.includes(each))),
            )
          }}
        />
      ))}
      <p className={classes.note}>
        {chosen.length > 1
          ? 'The dump goes to the first; the others get copies once it is verified.'
          : chosen.length === 0
            ? 'Choose at least one.'
            : ''}
      </p>
    </fieldset>
  )
}

/** How the dump is compressed. */
export function CodecSelect(props: { codec: Codec; onChange: (codec: Codec) => void }) {
  return (
    <Select
      label="Compression"
      rightSection={<IconChevronDown size={16} stroke={1.5} />}
      data={codecs.map((value) => ({ value, label: codecLabels[value] }))}
      value={props.codec}
      onChange={(value) => {
        props.onChange(codecs.find((each) => each === value) ?? 'zstd')
      }}
    />
  )
}
