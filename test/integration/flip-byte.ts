import { open } from 'node:fs/promises'

/** Changes the byte in the middle of a file, whatever it was. */
export async function flipByte(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    const at = Math.floor((await handle.stat()).size / 2)
    const byte = Buffer.alloc(1)
    await handle.read(byte, 0, 1, at)
    byte.writeUInt8(byte.readUInt8() ^ 0xff)
    await handle.write(byte, 0, 1, at)
  } finally {
    await handle.close()
  }
}
