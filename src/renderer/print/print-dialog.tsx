import { Button, Modal } from 'antd'
import { useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import type { IpcArgs } from '../../shared/ipc/index.ts'
import type { ShownReport } from '../../shared/report/index.ts'
import { FailureNotice } from '../app/failure-notice.tsx'
import { useFocusReturn } from '../app/focus-return.ts'
import { unwrap, useBridge } from '../bridge/index.ts'
import { usePrintFacts } from './print-facts.ts'
import { ReportSheet } from './report-sheet.tsx'
import './print.css'

type Format = IpcArgs<'report.print'>['format']

/** A signed version as it will be on paper, and the ways it can go there. What is printed is the sheet alone. */
export function PrintDialog(props: { study: string; report: ShownReport; onClose: () => void }) {
  useFocusReturn()
  const { study, report, onClose } = props
  const { t } = useTranslation()
  const bridge = useBridge()
  const { ready, failed, retry } = usePrintFacts(study, report)
  const [making, setMaking] = useState<Format | null>(null)
  const [done, setDone] = useState<string | null>(null)
  const [thrown, setThrown] = useState<unknown>(null)

  const print = async (format: Format) => {
    setMaking(format)
    setDone(null)
    setThrown(null)
    try {
      await sheetIsDrawn(report)
      const { version, accessionNumber } = report.document
      const name = t('print.fileName', { accession: safe(accessionNumber), version })
      const extension = format === 'json' ? 'vigil.json' : 'pdf'
      const fileName = `${name}.${extension}`
      const { path } = await unwrap(bridge.reportPrint({ study, version, format, fileName }))
      if (path !== null) setDone(t('print.saved', { path }))
      else if (format === 'paper') setDone(t('print.printed'))
    } catch (error) {
      setThrown(error)
    } finally {
      setMaking(null)
    }
  }
  const action = (format: Format, label: string, primary = false) => (
    <Button
      type={primary ? 'primary' : 'default'}
      autoFocus={primary}
      disabled={ready === null || (making !== null && making !== format)}
      loading={making === format}
      onClick={() => void print(format)}
      data-testid={`print-${format}`}
    >
      {label}
    </Button>
  )
  return (
    <Modal
      open
      title={t('print.title')}
      width={900}
      onCancel={onClose}
      footer={null}
      centered
      destroyOnHidden
      data-testid="print-dialog"
    >
      {failed ? (
        <FailureNotice title={t('print.incomplete')} thrown={failed} onRetry={retry} />
      ) : ready ? (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long sheet is scrolled by the keyboard */}
          <section className="print-preview" tabIndex={0} aria-label={t('print.title')}>
            <div className="print-preview-page">
              <ReportSheet report={report} facts={ready} />
            </div>
          </section>
          {createPortal(
            <div className="print-copy" aria-hidden="true">
              <ReportSheet report={report} facts={ready} />
            </div>,
            document.body,
          )}
        </>
      ) : (
        <div className="fill-message" role="status">
          {t('print.loading')}
        </div>
      )}
      {report.veiled && (
        <p className="notice notice-info print-veiled" role="note" data-testid="print-veiled">
          {t('labels.veiled.print')}
        </p>
      )}
      {thrown !== null && <FailureNotice title={t('print.failed')} thrown={thrown} />}
      <div className="print-actions">
        {action('pdf', t('print.savePdf'), true)}
        {action('paper', t('print.paper'))}
        {!report.veiled && <span title={t('print.saveJsonHint')}>{action('json', t('print.saveJson'))}</span>}
        <span className="quiet" role="status" data-testid="print-done">
          {making ? t('print.making') : done}
        </span>
      </div>
    </Modal>
  )
}

/** What a file name cannot hold on Windows, as a hyphen. */
const safe = (text: string) => text.replaceAll(/[\\/:*?"<>|\p{C}]/gu, '-')

/** The font with every character of the report is there, and the images are decoded: a page printed earlier would lack them. */
async function sheetIsDrawn({ document: { text } }: ShownReport): Promise<void> {
  const words = `${text.findings}${text.impression}`
  await Promise.all([
    document.fonts.load('400 12px "Vigil Sheet"', words),
    document.fonts.load('700 12px "Vigil Sheet"', words),
    ...[...document.querySelectorAll<HTMLImageElement>('.print-copy img')].map((image) => image.decode()),
  ])
}
