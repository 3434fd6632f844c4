import type { CertificateRow } from '../../shared/api/administration.ts'
import { dateOf, type Translate } from '../i18n/index.ts'
import type { Column } from '../table/column.ts'

const day = 86_400_000
const weight = { good: 'ok', 'ends-soon': 'warn', expired: 'bad', revoked: 'bad', unknown: 'warn' } as const

/** 即将到期，还有 12 天 */
export function certificateState(t: Translate, row: CertificateRow, now: number): string {
  const days = Math.max(0, Math.ceil((row.notAfter - now) / day))
  return row.state === 'ends-soon'
    ? t('administration.certificate.endsIn', { days })
    : t(`administration.certificate.state.${row.state}`)
}

/** A person's certificate that still speaks for them; the others have procedures of their own. */
export function isRevocable(row: CertificateRow): boolean {
  return row.kind === 'person' && row.state !== 'revoked'
}

/** `onRevoke`: null where the officer may not. */
export function certificateColumns(
  t: Translate,
  now: number,
  onRevoke: ((row: CertificateRow) => void) | null,
): Column<CertificateRow>[] {
  const kind = (row: CertificateRow) => t(`administration.certificate.kind.${row.kind}`)
  const plain = (
    key: 'owner' | 'subject' | 'issuer',
    width: number,
    grow: number,
  ): Column<CertificateRow> => ({
    key,
    title: t(`administration.certificate.${key}`),
    width,
    grow,
    render: (row) => <span title={row[key]}>{row[key]}</span>,
    text: (row) => row[key],
  })
  const columns: Column<CertificateRow>[] = [
    {
      key: 'kind',
      title: t('administration.certificate.kindTitle'),
      width: 128,
      render: kind,
      text: kind,
      choices: (row) => [kind(row)],
    },
    plain('owner', 112, 1),
    plain('subject', 216, 3),
    plain('issuer', 160, 2),
    {
      key: 'notAfter',
      title: t('administration.certificate.notAfter'),
      width: 104,
      render: (row) => <span className="number">{dateOf(row.notAfter)}</span>,
      text: (row) => dateOf(row.notAfter),
      order: (row) => row.notAfter,
    },
    {
      key: 'state',
      title: t('administration.certificate.stateTitle'),
      width: 160,
      render: (row) => <span className={`state-${weight[row.state]}`}>{certificateState(t, row, now)}</span>,
      text: (row) => certificateState(t, row, now),
      choices: (row) => [t(`administration.certificate.state.${row.state}`)],
    },
    {
      key: 'fingerprint',
      title: t('administration.certificate.fingerprint'),
      width: 152,
      render: (row) => (
        <span className="mono" title={row.fingerprint}>
          {row.fingerprint.slice(0, 16)}
        </span>
      ),
      text: (row) => row.fingerprint,
    },
  ]
  if (onRevoke) {
    columns.push({
      key: 'revoke',
      title: t('administration.list.action'),
      width: 96,
      render: (row) =>
        isRevocable(row) && (
          <button
            type="button"
            className="row-button"
            onClick={() => onRevoke(row)}
            data-testid="certificate-revoke"
          >
            {t('administration.certificate.revokeShort')}
          </button>
        ),
    })
  }
  return columns
}
