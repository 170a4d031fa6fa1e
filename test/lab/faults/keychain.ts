import type { LabContext } from '../context.ts'
import { endKeyring, ensureKeychain } from '../keychain.ts'

/** The keychain is absent: its daemon ends. What it holds is there again after `start`. */
export async function stopKeychain(lab: LabContext): Promise<void> {
  await endKeyring(lab)
}

export async function startKeychain(lab: LabContext): Promise<void> {
  await ensureKeychain(lab)
}
