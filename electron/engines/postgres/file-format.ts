/** See `EngineBackup.formatOf`. */
export function formatOf(head: Uint8Array): 'custom' | 'statements' | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  if (bytes.subarray(0, 5).toString('latin1') === 'PGDMP') return 'custom'
  if (bytes.length === 0 || bytes.includes(0)) return null
  // A tar archive has its mark further behind, and zeros before it. The last letter may be cut.
  const text = bytes
    .toString('utf8')
    .replace(/�{1,3}$/, '')
    .replace(/^\uFEFF/, '')
  return text.includes('�') ? null : 'statements'
}
