import { formatBytes } from '../../../shared/sizes.ts'
import type { StepContext } from '../jobs/job-definition.ts'
import type { Docker } from '../ports.ts'

/** A rate over less than this says nothing, seconds. */
const soonestRate = 0.5

/** Ensures the image and tells how far the pull is. */
export async function pullImage(docker: Docker, image: string, step: StepContext): Promise<void> {
  const begun = performance.now()
  const { pulled } = await docker.ensureImage(image, {
    signal: step.signal,
    onProgress: ({ bytes, totalBytes, layers, layersDone }) => {
      const seconds = (performance.now() - begun) / 1000
      step.progress({
        bytes,
        totalBytes,
        bytesPerSecond: seconds > soonestRate ? bytes / seconds : null,
        text: `layer ${Math.min(layersDone + 1, layers)} of ${layers}`,
      })
      if (bytes === totalBytes && totalBytes > 0) step.fact(formatBytes(totalBytes))
    },
  })
  if (!pulled) step.fact('It was there already')
}
