/** Docker's header before each piece of a container's output: stream, three zeros, length. */
const headerBytes = 8

/**
 * The text of both streams in Docker's multiplexed format
 * (https://docs.docker.com/reference/api/engine/, ContainerAttach, "Stream format").
 * @throws Error on a bad header or a truncated frame; what a frame says is never guessed
 */
export function textOfFrames(raw: Buffer): string {
  const pieces: Buffer[] = []
  for (let at = 0; at < raw.length;) {
    const kind = raw[at]
    if (raw.length - at < headerBytes || kind === undefined || kind > 2) {
      throw new Error('the container’s output has a bad frame')
    }
    const length = raw.readUInt32BE(at + 4)
    const end = at + headerBytes + length
    if (end > raw.length) throw new Error('the container’s output breaks off within a frame')
    pieces.push(raw.subarray(at + headerBytes, end))
    at = end
  }
  return Buffer.concat(pieces).toString('utf8')
}
