interface RetrospectAreaProps {
  area: 'report-search' | 'missed' | 'statistics'
  onOpenStudy: (study: string) => void
}

/** Looking back: over reports, over findings that no alert was raised for, and over how alerts were answered. */
export default function RetrospectArea(_: RetrospectAreaProps) {
  return null
}
