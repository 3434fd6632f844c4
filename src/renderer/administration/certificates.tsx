import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { CertificateRow } from '../../shared/api/administration.ts'
import { usePermission } from '../app/session.ts'
import { useBridge } from '../bridge/index.ts'
import { certificateColumns, isRevocable } from './certificate-columns.tsx'
import { useListing } from './frame/listing.ts'
import { OfficerScreen } from './frame/officer-screen.tsx'
import { ReasonDialog } from './frame/reason-dialog.tsx'
import { useNow } from './frame/use-now.ts'

/** Every certificate and revocation list that the product depends on, the first to end first. */
export function Certificates() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const now = useNow(60_000)
  const mayRevoke = usePermission('account.authorise')
  const asked = useListing('certificates', bridge.administrationCertificates)
  const rows = useMemo(() => asked.rows.toSorted((a, b) => a.notAfter - b.notAfter), [asked.rows])
  const [selected, setSelected] = useState<string | null>(null)
  const [revoking, setRevoking] = useState<CertificateRow | null>(null)
  const columns = useMemo(
    () => certificateColumns(t, now, mayRevoke ? setRevoking : null),
    [t, now, mayRevoke],
  )
  return (
    <>
      <OfficerScreen
        table="certificates"
        title={t('areas.certificates')}
        listing={{ ...asked, rows }}
        columns={columns}
        // A certificate stands once for each that it speaks for.
        rowKey={(row) => `${row.kind} ${row.fingerprint} ${row.owner}`}
        selected={selected}
        onSelect={setSelected}
        onOpen={(row) => mayRevoke && isRevocable(row) && setRevoking(row)}
        attributes={({ kind, state }) => ({ 'data-kind': kind, 'data-state': state })}
        hint={t(mayRevoke ? 'administration.certificate.keys' : 'administration.list.keys')}
      />
      {revoking && (
        <ReasonDialog
          title={t('administration.certificate.revoke')}
          whom={`${revoking.owner} · ${revoking.subject}`}
          text={t('administration.certificate.revokeFollows')}
          submit={t('administration.certificate.revokeShort')}
          run={(reason) =>
            bridge.administrationRevokeCertificate({ fingerprint: revoking.fingerprint, reason })
          }
          done={t('administration.certificate.revoked')}
          onClose={() => setRevoking(null)}
        />
      )}
    </>
  )
}
