import './access.css'

interface EyeProps {
  title: string
  onReveal: () => void
  /** In a list that keeps the focus: its key is said in the title. */
  untabbed?: boolean
}

/** The eye beside a name or number that is masked. */
export function Eye({ title, onReveal, untabbed = false }: EyeProps) {
  return (
    <button
      type="button"
      className="eye"
      {...(untabbed ? { tabIndex: -1 } : {})}
      title={title}
      aria-label={title}
      onClick={(event) => {
        event.stopPropagation()
        onReveal()
      }}
      onDoubleClick={(event) => event.stopPropagation()}
      data-testid="reveal"
    >
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <path
          d="M8 3.5c3 0 5.4 1.7 7 4.5-1.6 2.8-4 4.5-7 4.5S2.6 10.8 1 8c1.6-2.8 4-4.5 7-4.5z"
          fill="none"
          stroke="currentColor"
        />
        <circle cx="8" cy="8" r="2.2" fill="currentColor" />
      </svg>
    </button>
  )
}
