import { useTranslation } from 'react-i18next'
import type { ShownReport } from '../../shared/report/index.ts'
import { dateTime } from '../i18n/index.ts'
import type { Digests } from './digests.ts'

/** Who wrote and who signed, when, and by what it can be verified. Kept on one page. */
export function SignatureBlock({ report, digests }: { report: ShownReport; digests: Digests }) {
  const { t } = useTranslation()
  const { author, writtenBy } = report.document
  return (
    <section className="sheet-signature" data-testid="sheet-signature">
      <div className="sheet-people">
        {writtenBy && (
          <span>
            {t('print.sheet.writtenBy')}：<strong>{writtenBy.name}</strong>
          </span>
        )}
        <span>
          {t(writtenBy ? 'print.sheet.signedBy' : 'print.sheet.signedAlone')}：<strong>{author.name}</strong>
        </span>
        <span>
          {t('print.sheet.signedAt')}：<strong>{dateTime(report.signedAt)}</strong>
        </span>
      </div>
      <dl className="sheet-proofs">
        <div className="sheet-proof">
          <dt>{t('print.sheet.signature')}</dt>
          <dd>{report.algorithm}</dd>
        </div>
        <div className="sheet-proof">
          <dt>{t('print.sheet.digest')}</dt>
          <dd className="sheet-digest">{digests.document}</dd>
        </div>
        <div className="sheet-proof">
          <dt>{t('print.sheet.certificate')}</dt>
          <dd className="sheet-digest">{digests.certificate}</dd>
        </div>
      </dl>
      <p className="sheet-verify">{t(report.veiled ? 'labels.veiled.sheet' : 'print.sheet.verify')}</p>
    </section>
  )
}
