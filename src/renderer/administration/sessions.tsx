import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SessionRow } from '../../shared/api/administration.ts'
import { usePermission, useSession } from '../app/session.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { administrationKey, useListing } from './frame/listing.ts'
import { OfficerScreen } from './frame/officer-screen.tsx'
import { ReasonDialog } from './frame/reason-dialog.tsx'
import { sessionColumns } from './session-columns.tsx'

const everyMs = 4_000

/** Who is signed in now, followed every few seconds, and the way to end it. */
export function Sessions() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const session = useSession()
  const mayEnd = usePermission('session.end')
  const listing = useListing('sessions', bridge.administrationSessions, everyMs)
  const [selected, setSelected] = useState<string | null>(null)
  const [ending, setEnding] = useState<SessionRow | null>(null)
  const columns = useMemo(
    () => sessionColumns(t, mayEnd ? { own: session.id, onEnd: setEnding } : null),
    [t, mayEnd, session.id],
  )
  return (
    <>
      <OfficerScreen
        table="sessions"
        title={t('areas.sessions')}
        listing={listing}
        columns={columns}
        rowKey={({ id }) => id}
        selected={selected}
        onSelect={setSelected}
        onOpen={(row) => mayEnd && row.id !== session.id && setEnding(row)}
        attributes={({ id }) => ({ 'data-session': id })}
        summary={<Cap live={listing.rows.length} />}
        hint={t(mayEnd ? 'administration.session.keys' : 'administration.list.keys')}
      />
      {ending && (
        <ReasonDialog
          title={t('administration.session.end')}
          whom={t('administration.session.whose', {
            name: ending.displayName,
            workstation: ending.workstation,
          })}
          text={t('administration.session.follows')}
          submit={t('administration.session.end')}
          run={(reason) => bridge.administrationEndSession({ id: ending.id, reason })}
          done={t('administration.session.done')}
          onClose={() => setEnding(null)}
        />
      )}
    </>
  )
}

/** How many of the sessions that policy allows are taken. */
function Cap({ live }: { live: number }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const readable = usePermission('policy.read')
  const policy = useQuery({
    queryKey: [administrationKey, 'policy'],
    queryFn: () => unwrap(bridge.administrationPolicy()),
    enabled: readable,
  })
  if (!policy.data) return null
  const { total, emergencyPlaces } = policy.data.policy.session.caps
  const full = live >= total - emergencyPlaces
  return (
    <span className={full ? 'state-warn number' : 'quiet number'} data-testid="session-cap">
      {t('administration.session.cap', { live, total, emergency: emergencyPlaces })}
    </span>
  )
}
