import { QuaysideError } from '../../shared/errors.ts'

/** A file at the root of a marked folder. A mount point whose disk is away lacks it. */
export const markerName = 'quayside-destination.txt'

/** For whoever looks into the folder. */
export const markerText = `Quayside keeps backups in this folder.
By this file it knows that the disk with them is connected. Leave it here.
`

/** Of a folder that is there without the file that is to be in it. */
export function notMarked(folder: string): QuaysideError {
  return new QuaysideError(
    'destination_unreachable',
    `The folder ${folder} is there, but ${markerName} is not in it: its disk may not be connected.`,
    {
      hint: 'Connect the disk or the share. If this is the right folder all the same, save the destination’s settings again, and it is marked anew.',
    },
  )
}
