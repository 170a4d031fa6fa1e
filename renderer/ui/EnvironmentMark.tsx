import { memo } from 'react'
import { environmentLabels, type Environment } from '../../shared/names.ts'
import classes from './EnvironmentMark.module.css'

/** Where a database is used, always as the whole word; production is the only solid mark. */
export const EnvironmentMark = memo(function EnvironmentMark(props: { environment: Environment }) {
  const { environment } = props
  return (
    <span className={`${classes.mark} ${classes[environment]}`}>
      {environmentLabels[environment]}
    </span>
  )
})
