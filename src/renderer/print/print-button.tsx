import { Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ShownReport } from '../../shared/report/index.ts'

const PrintDialog = lazy(async () => ({ default: (await import('./print-dialog.tsx')).PrintDialog }))

/** Opens the preview of a signed version. */
export function PrintButton({ study, report }: { study: string; report: ShownReport }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(false)
  return (
    <>
      <Button
        size="small"
        onClick={() => setShown(true)}
        title={t('print.openHint')}
        data-testid="print-open"
      >
        {t('print.open')}
      </Button>
      {shown && (
        <Suspense fallback={null}>
          <PrintDialog study={study} report={report} onClose={() => setShown(false)} />
        </Suspense>
      )}
    </>
  )
}
