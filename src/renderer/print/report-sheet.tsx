import { useTranslation } from 'react-i18next'
import type { ShownReport } from '../../shared/report/index.ts'
import { ageText, personName, sexText } from '../patient/patient-facts.ts'
import type { PrintFacts } from './print-facts.ts'
import { SignatureBlock } from './signature-block.tsx'
import './fonts.css'
import './report-sheet.css'

/**
 * A signed version as it goes on paper. Whose it is stands in the signed document; order and images only add to it. Head and foot
 * are those of a table, which the browser repeats on every page.
 */
export function ReportSheet({ report, facts }: { report: ShownReport; facts: PrintFacts }) {
  const { document } = report
  const { t } = useTranslation()
  const { text, amendment } = document
  return (
    <table className="sheet" lang="zh-CN" data-testid="report-sheet">
      <thead>
        <tr>
          <td>
            <Head report={report} facts={facts} />
          </td>
        </tr>
      </thead>
      <tfoot>
        <tr>
          <td className="sheet-foot">
            <span>{facts.letterhead.note || t('print.sheet.note')}</span>
            <span>
              {personName(document.patientName)} · {document.accessionNumber} ·{' '}
              {t('print.sheet.version', { version: document.version })}
            </span>
          </td>
        </tr>
      </tfoot>
      <tbody>
        <tr>
          <td>
            {amendment && <Section title={t(`print.sheet.${amendment.kind}`)} text={amendment.reason} />}
            <Section title={t('print.sheet.findings')} text={text.findings} />
            <Section title={t('print.sheet.impression')} text={text.impression} strong />
            <KeyImages report={report} images={facts.images} />
            <SignatureBlock report={report} digests={facts.digests} />
          </td>
        </tr>
      </tbody>
    </table>
  )
}

function Section({ title, text, strong = false }: { title: string; text: string; strong?: boolean }) {
  if (text.trim() === '') return null
  return (
    <section className="sheet-section">
      <h2>{title}</h2>
      <p className={strong ? 'sheet-text sheet-text-strong' : 'sheet-text'}>{text.trim()}</p>
    </section>
  )
}

function Head({
  report: { document },
  facts: { opened, letterhead },
}: {
  report: ShownReport
  facts: PrintFacts
}) {
  const { t } = useTranslation()
  const { order, study } = opened
  const modality = document.exam.modality || study.modalities[0] || ''
  const rows: [string, string, wide?: boolean][] = [
    [t('print.sheet.name'), personName(document.patientName)],
    [t('print.sheet.sex'), sexText(t, order?.sex ?? study.patientSex)],
    [t('print.sheet.age'), ageText(t, study.patientAge)],
    [t('print.sheet.patientId'), document.patientId],
    [t('print.sheet.accession'), document.accessionNumber],
    [t('print.sheet.department'), order?.orderingDepartment ?? ''],
    [t('print.sheet.doctor'), order?.orderingDoctor ?? ''],
    [t('print.sheet.ward'), [order?.ward, order?.bed].filter(Boolean).join(' / ')],
    [t('print.sheet.examAt'), examTime(study)],
    [t('print.sheet.item'), order?.itemName ?? study.description, true],
    [t('print.sheet.bodyPart'), order?.bodyPart || study.bodyPart],
    [t('print.sheet.clinical'), order?.clinicalInfo ?? '', true],
  ]
  return (
    <header className="sheet-head">
      <div className="sheet-letterhead">
        {letterhead.logo && <img src={letterhead.logo} alt="" />}
        <div>
          <p className="sheet-hospital">
            {[letterhead.hospital, letterhead.department].filter(Boolean).join(' ')}
          </p>
          <h1>{letterhead.title || t('print.sheet.title', { modality })}</h1>
        </div>
      </div>
      <dl className="sheet-facts">
        {rows
          .filter(([, value]) => value !== '')
          .map(([label, value, wide]) => (
            <div key={label} className={wide ? 'sheet-fact sheet-fact-wide' : 'sheet-fact'}>
              <dt>{label}</dt>
              <dd className="sheet-fact-value">{value}</dd>
            </div>
          ))}
      </dl>
    </header>
  )
}

/** The DICOM study date and time for reading; empty where the study has none. */
function examTime({ studyDate, studyTime }: { studyDate: string; studyTime: string }): string {
  const date = /^(\d{4})(\d\d)(\d\d)$/.exec(studyDate)
  const time = /^(\d\d)(\d\d)/.exec(studyTime)
  return [date?.slice(1).join('-'), time?.slice(1).join(':')].filter(Boolean).join(' ')
}

function KeyImages({ report, images }: { report: ShownReport; images: readonly string[] }) {
  const { t } = useTranslation()
  const keyImages = report.document.keyImages ?? []
  if (keyImages.length === 0) return null
  return (
    <section>
      <h2>{t('print.sheet.keyImages')}</h2>
      <div className={`sheet-image-grid sheet-image-grid-${Math.min(3, keyImages.length)}`}>
        {keyImages.map(({ id, caption }, index) => (
          <figure key={id} className="sheet-image">
            <img src={images[index]} alt={caption} />
            <figcaption className="sheet-caption">
              {t('print.sheet.keyImage', { n: index + 1 })} {caption}
            </figcaption>
          </figure>
        ))}
      </div>
    </section>
  )
}
