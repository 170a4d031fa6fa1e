/** Quayside's mark: a bollard on the quay. */
export function Logo({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden>
      <rect width="24" height="24" rx="6" fill="var(--q-accent-fill)" />
      <g fill="none" stroke="#fff" strokeWidth="1.7" strokeLinecap="round">
        <ellipse cx="12" cy="7.6" rx="5" ry="2.3" />
        <path
          d="M7 7.6v2.2c0 1 1.2 1.8 2.8 2.1L9 17.2h6l-.8-5.3c1.6-.3 2.8-1.1 2.8-2.1V7.6"
          strokeLinejoin="round"
        />
        <path d="M5.2 18.6h13.6" />
      </g>
    </svg>
  )
}
