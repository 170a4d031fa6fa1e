import { Skeleton } from '@mantine/core'
import { useEffect, useState } from 'react'
import classes from './LoadingRows.module.css'

/** True once `ms` have passed: what is faster than that shows nothing in between. */
export function useDelayed(ms = 150): boolean {
  const [passed, setPassed] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => {
      setPassed(true)
    }, ms)
    return () => {
      clearTimeout(timer)
    }
  }, [ms])
  return passed
}

/** Skeletons in the shape of rows. */
export function LoadingRows({ count = 4, height = 48 }: { count?: number; height?: number }) {
  if (!useDelayed()) return null
  return (
    <div aria-busy="true" aria-label="Loading">
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className={classes.row} style={{ height }}>
          <Skeleton width={8} height={8} circle />
          <Skeleton width={120 + ((index * 37) % 60)} height={8} />
          <Skeleton width={64} height={8} ml="auto" />
        </div>
      ))}
    </div>
  )
}
