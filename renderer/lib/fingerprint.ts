/** A fingerprint's hash in groups of four, for the eye only: copying gives the unbroken text. */
export function fingerprintGroups(fingerprint: string): { prefix: string; groups: string[] } {
  const colon = fingerprint.indexOf(':') + 1
  return {
    prefix: fingerprint.slice(0, colon),
    groups: fingerprint.slice(colon).match(/.{1,4}/g) ?? [],
  }
}

const keyKinds: Readonly<Record<string, { label: string; file: string }>> = {
  'ssh-ed25519': { label: 'ED25519, 256 bit', file: 'ssh_host_ed25519_key.pub' },
  'ssh-rsa': { label: 'RSA', file: 'ssh_host_rsa_key.pub' },
  'rsa-sha2-256': { label: 'RSA', file: 'ssh_host_rsa_key.pub' },
  'rsa-sha2-512': { label: 'RSA', file: 'ssh_host_rsa_key.pub' },
  'ecdsa-sha2-nistp256': { label: 'ECDSA, 256 bit', file: 'ssh_host_ecdsa_key.pub' },
  'ecdsa-sha2-nistp384': { label: 'ECDSA, 384 bit', file: 'ssh_host_ecdsa_key.pub' },
  'ecdsa-sha2-nistp521': { label: 'ECDSA, 521 bit', file: 'ssh_host_ecdsa_key.pub' },
}

/** What the user knows a host key's type as. */
export function keyTypeLabel(type: string): string {
  return keyKinds[type]?.label ?? type
}

/** The command that prints the same fingerprint on the server itself. */
export function fingerprintCommand(type: string): string {
  const file = keyKinds[type]?.file ?? 'ssh_host_*_key.pub'
  return `ssh-keygen -lf /etc/ssh/${file}`
}
