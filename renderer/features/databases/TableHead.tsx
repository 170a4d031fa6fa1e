import classes from './DatabaseList.module.css'

/** The titles of the list's columns. */
export function TableHead() {
  return (
    <div role="row" aria-rowindex={1} className={`${classes.columns} ${classes.head}`}>
      <span role="columnheader" className={classes.firstHead}>
        Name
      </span>
      <span role="columnheader">Environment</span>
      <span role="columnheader">Engine</span>
      <span role="columnheader" className={`${classes.right} ${classes.wide}`}>
        Port
      </span>
      <span role="columnheader" className={classes.right}>
        Size
      </span>
      <span role="columnheader" className={classes.right}>
        Connections
      </span>
      <span role="columnheader" className={`${classes.right} ${classes.wide}`}>
        CPU
      </span>
      <span role="columnheader" className={classes.wide}>
        Memory
      </span>
      <span role="columnheader">Up</span>
    </div>
  )
}
