import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SignInFailureRow } from '../../shared/api/administration.ts'
import { useBridge } from '../bridge/index.ts'
import type { Translate } from '../i18n/index.ts'
import type { Column } from '../table/column.ts'
import { timeColumn } from '../table/time-column.tsx'
import { failureReason } from './failure-words.ts'
import { usePagedListing } from './frame/listing.ts'
import { OfficerScreen } from './frame/officer-screen.tsx'

/** Sign-ins and unlocks that were refused, and keys that failed at the workstation. */
export function SignInFailures() {
  const { t } = useTranslation()
  const bridge = useBridge()
  const listing = usePagedListing('sign-in-failures', bridge.administrationSignInFailures)
  const columns = useMemo(() => failureColumns(t), [t])
  const [selected, setSelected] = useState<string | null>(null)
  return (
    <OfficerScreen
      table="sign-in-failures"
      title={t('areas.sign-in-failures')}
      listing={listing}
      columns={columns}
      rowKey={({ seq }) => String(seq)}
      selected={selected}
      onSelect={setSelected}
      attributes={({ code }) => ({ 'data-code': code })}
      hint={t('administration.list.keys')}
    />
  )
}

function failureColumns(t: Translate): Column<SignInFailureRow>[] {
  const purpose = (row: SignInFailureRow) => t(`administration.failure.purpose.${row.purpose}`)
  const plain = (
    key: 'person' | 'workstation' | 'address',
    title: string,
    width: number,
    grow: number,
  ): Column<SignInFailureRow> => ({
    key,
    title,
    width,
    grow,
    render: (row) => <span title={row[key]}>{row[key]}</span>,
    text: (row) => row[key],
  })
  return [
    timeColumn('at', t('administration.list.at'), (row) => row.at),
    {
      key: 'purpose',
      title: t('administration.failure.purposeTitle'),
      width: 96,
      render: purpose,
      text: purpose,
      choices: (row) => [purpose(row)],
    },
    {
      key: 'reason',
      title: t('administration.failure.reasonTitle'),
      width: 176,
      grow: 3,
      render: (row) => <span title={failureReason(t, row)}>{failureReason(t, row)}</span>,
      text: (row) => failureReason(t, row),
      choices: (row) => [failureReason(t, row)],
    },
    plain('person', t('administration.failure.person'), 128, 2),
    plain('workstation', t('administration.workstationId'), 152, 2),
    plain('address', t('administration.failure.address'), 136, 1),
    {
      key: 'certificate',
      title: t('administration.certificate.fingerprint'),
      width: 152,
      render: (row) => (
        <span className="mono" title={row.certificate}>
          {row.certificate.slice(0, 16)}
        </span>
      ),
      text: (row) => row.certificate,
    },
  ]
}
