import type { FoundReport } from '../../shared/api/index.ts'
import { RevealEye } from '../access/reveal-eye.tsx'
import type { Translate } from '../i18n/index.ts'
import { personName } from '../patient/patient-facts.ts'
import type { Column } from '../table/column.ts'
import { timeColumn } from '../table/time-column.tsx'

type ReportFacts = Pick<
  FoundReport,
  | 'studyInstanceUid'
  | 'veiled'
  | 'signedAt'
  | 'patientName'
  | 'patientId'
  | 'accessionNumber'
  | 'modality'
  | 'itemName'
  | 'author'
>

/** Whose report, of what, by whom: the same in every list that looks back. */
export function reportColumns<Row extends ReportFacts>(t: Translate): Column<Row>[] {
  return [
    timeColumn('signed', t('retrospect.report.signedAt'), (row) => row.signedAt),
    {
      key: 'patient',
      title: t('retrospect.report.patient'),
      width: 88,
      grow: 1,
      render: (row) => (
        <>
          {row.veiled && <RevealEye exam={row} />}
          <strong title={row.patientId}>{personName(row.patientName)}</strong>
        </>
      ),
      text: (row) => personName(row.patientName),
    },
    {
      key: 'accession',
      title: t('retrospect.report.accession'),
      width: 136,
      render: (row) => <span className="number">{row.accessionNumber}</span>,
      text: (row) => row.accessionNumber,
    },
    {
      key: 'item',
      title: t('retrospect.report.item'),
      width: 152,
      grow: 1,
      render: (row) => (
        <span title={row.itemName}>
          {row.modality} {row.itemName}
        </span>
      ),
      text: (row) => `${row.modality} ${row.itemName}`.trim(),
    },
    {
      key: 'author',
      title: t('retrospect.report.author'),
      width: 88,
      render: (row) => row.author,
      text: (row) => row.author,
    },
  ]
}
