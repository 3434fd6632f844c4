/** 16-pixel line icons by capability; the words beside them say the same. */
const paths: Record<string, string> = {
  person: 'M8 2.5a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4M3 13.5c.4-3 2.3-4.4 5-4.4s4.6 1.4 5 4.4',
  key: 'M5.5 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8.5 8H14M12 8v2.5M14 8v1.5',
  screen: 'M2 3h12v8H2zM6 14h4M8 11v3',
  paper: 'M4 2h5.5L12 4.5V14H4zM6 7h4M6 9.5h4M6 12h2.5',
  bell: 'M8 2.5c-2.5 0-3.8 1.8-3.8 4.2 0 2.8-1.2 3.5-1.2 4.8h10c0-1.3-1.2-2-1.2-4.8 0-2.4-1.3-4.2-3.8-4.2M6.8 13.5h2.4',
  image: 'M2.5 3h11v10h-11zM2.5 11l3-3 2.5 2 2.5-3 3 3.5',
  shield: 'M8 2l5 1.8v3.7c0 3.2-2 5.3-5 6.5-3-1.2-5-3.3-5-6.5V3.8z',
  plug: 'M5.5 2v3M10.5 2v3M4 5h8v3a4 4 0 0 1-8 0zM8 12v2',
  list: 'M5.5 4H14M5.5 8H14M5.5 12H14M2 4h1M2 8h1M2 12h1',
  box: 'M2.5 5.5 8 2.5l5.5 3v5.5L8 14l-5.5-3zM2.5 5.5 8 8.5l5.5-3M8 8.5V14',
}

const icons: Record<string, keyof typeof paths> = {
  'sign-in': 'key',
  token: 'key',
  credentials: 'key',
  password: 'key',
  totp: 'key',
  fallback: 'key',
  lockout: 'key',
  keys: 'key',
  key: 'key',
  session: 'screen',
  workstation: 'screen',
  account: 'person',
  officer: 'person',
  patient: 'person',
  identity: 'person',
  report: 'paper',
  retrospect: 'paper',
  table: 'paper',
  dictionary: 'paper',
  alert: 'bell',
  alarm: 'bell',
  study: 'image',
  exam: 'image',
  measurement: 'image',
  order: 'list',
  quarantine: 'plug',
  delivery: 'plug',
  interface: 'plug',
  feed: 'plug',
  reply: 'plug',
  backup: 'box',
}

export function CapabilityIcon({ action }: { action: string }) {
  const [capability = ''] = action.split('.', 1)
  return (
    <svg className="audit-icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={paths[icons[capability] ?? 'shield']} />
    </svg>
  )
}
