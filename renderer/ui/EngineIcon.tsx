/** An engine's own monochrome drawing, from `engines.list`. */
export function EngineIcon({ path, size = 18 }: { path: string | undefined; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden style={{ flex: 'none' }}>
      <path d={path ?? 'M4 6h16v12H4z'} fill="currentColor" />
    </svg>
  )
}
