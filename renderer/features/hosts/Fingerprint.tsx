import { fingerprintGroups } from '../../lib/fingerprint.ts'
import classes from './HostKeyQuestion.module.css'

/** A fingerprint in groups of four. The gaps are spacing only: what is selected and copied has none. */
export function Fingerprint({ text }: { text: string }) {
  const { prefix, groups } = fingerprintGroups(text)
  return (
    <code className={classes.groups} aria-label={text} data-testid="fingerprint">
      {groups.map((group, index) => (
        <span key={index} className={classes.group}>
          {index === 0 ? `${prefix}${group}` : group}
        </span>
      ))}
    </code>
  )
}
