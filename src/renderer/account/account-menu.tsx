import { type FocusEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../app/session.ts'
import { ChangePinDialog } from '../token/index.ts'
import { AccountDialog, type AccountView } from './account-dialog.tsx'
import './account.css'

interface AccountMenuProps {
  /** Which view of the account's dialog is open. */
  view: AccountView | null
  onView: (view: AccountView | null) => void
}

type Entry = AccountView | 'pin'

/** Who is signed in, and what they may do about their own keys, password and authenticator. */
export function AccountMenu({ view, onView }: AccountMenuProps) {
  const { t } = useTranslation()
  const session = useSession()
  const button = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const [changesPin, setChangesPin] = useState(false)
  const roles = session.roles.map((role) => t(`roles.${role}`)).join(t('account.and'))
  const close = (event: FocusEvent) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only watches the focus leave its buttons
    <div className="account-menu" onBlur={close}>
      <button
        ref={button}
        type="button"
        className="header-who"
        title={`${session.displayName}　${roles}`}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        data-testid="who"
      >
        <span className="header-who-text">
          <strong>{session.displayName}</strong>
          <span className="quiet">{roles}</span>
        </span>
      </button>
      {open && (
        <Entries
          onEntry={(entry) => {
            // The dialog gives the focus back to where it was.
            button.current?.focus()
            setOpen(false)
            if (entry === 'pin') setChangesPin(true)
            else if (entry) onView(entry)
          }}
        />
      )}
      <AccountDialog view={view} onView={onView} />
      <ChangePinDialog open={changesPin} onClose={() => setChangesPin(false)} />
    </div>
  )
}

const entries: readonly Entry[] = ['overview', 'password', 'totp', 'pin']

/** The open menu (WAI-ARIA menu button pattern): ↑ ↓ Home End move, Esc leaves with nothing chosen. */
function Entries({ onEntry }: { onEntry: (entry: Entry | null) => void }) {
  const { t } = useTranslation()
  const list = useRef<HTMLDivElement>(null)
  const items = () => [...(list.current?.querySelectorAll('button') ?? [])]
  useEffect(() => list.current?.querySelector('button')?.focus(), [])
  const onKey = (event: KeyboardEvent) => {
    const all = items()
    const at = all.indexOf(document.activeElement as HTMLButtonElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to === undefined && event.key !== 'Escape') return
    event.preventDefault()
    event.stopPropagation()
    if (to === undefined) onEntry(null)
    else all[(to + all.length) % all.length]?.focus()
  }
  return (
    <div ref={list} role="menu" tabIndex={-1} className="account-entries" onKeyDown={onKey}>
      {entries.map((entry) => (
        <button
          key={entry}
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => onEntry(entry)}
          data-testid={`account-${entry}`}
        >
          {t(`account.menu.${entry}`)}
        </button>
      ))}
    </div>
  )
}
