import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ProtectedField } from '../../shared/access/index.ts'
import type { Order } from '../../shared/order/index.ts'
import type { Study } from '../../shared/study/index.ts'
import { RevealEye } from '../access/reveal-eye.tsx'
import { useKeyHint } from '../keys/keys-provider.tsx'
import { personName, sexAndAge } from '../patient/patient-facts.ts'
import { useNextCase } from '../worklist/next-case.tsx'
import { ImagesWindowButton } from './images-window-button.tsx'

interface OpenedExam {
  study: Study
  order: Order | null
  /** Fields that are masked for this person. */
  hidden?: readonly ProtectedField[] | undefined
  /** There is an order that cannot be read. */
  orderDamaged?: boolean | undefined
}

interface ExamStripProps {
  opened: OpenedExam | null
  readOnly: boolean
  onBack: () => void
  /** Whether the report has the whole window; null where there is none to read. */
  wide: { on: boolean; offered: boolean; toggle: () => void } | null
}

/** Whose images and report these are: the order's facts, or the study's own where there is no order. */
export function ExamStrip({ opened, readOnly, onBack, wide }: ExamStripProps) {
  const { t } = useTranslation()
  const key = useKeyHint('reading.back')
  return (
    <div className="exam-strip">
      <Button size="small" onClick={onBack} title={t('reading.backHint', { key })} data-testid="back">
        ← {t('reading.back')}
      </Button>
      {opened && <Facts {...opened} />}
      <span className="space" />
      {readOnly && <span className="exam-strip-tag">{t('reading.readOnly')}</span>}
      {wide?.offered && <WideButton {...wide} />}
      <ImagesWindowButton />
      <NextButton />
    </div>
  )
}

function WideButton({ on, toggle }: { on: boolean; toggle: () => void }) {
  const { t } = useTranslation()
  return (
    <Button
      size="small"
      type={on ? 'primary' : 'default'}
      aria-pressed={on}
      onClick={toggle}
      title={t('reading.wideHint', { key: useKeyHint('reading.wide') })}
      data-testid="wide-report"
    >
      {t('reading.wide')}
    </Button>
  )
}

function NextButton() {
  const { t } = useTranslation()
  const next = useNextCase()
  const key = useKeyHint('reading.next')
  if (!next) return null
  return (
    <Button
      size="small"
      onClick={next.open}
      disabled={next.row === null}
      title={
        next.row === null
          ? t('reading.nextNone')
          : t('reading.nextHint', {
              name: personName(next.row.patientName),
              item: next.row.itemName,
              key,
            })
      }
      data-testid="next-case"
    >
      {t('reading.next')} →
    </Button>
  )
}

function Facts({ study, order, hidden = [], orderDamaged = false }: OpenedExam) {
  const { t } = useTranslation()
  const name = personName(order?.patientName ?? study.patientName)
  const place = order && [order.ward || order.orderingDepartment, order.bed].filter(Boolean).join(' / ')
  return (
    <div className="exam-facts" data-testid="exam-facts">
      {order?.priority === 'stat' && <span className="stat-mark">{t('worklist.stat')}</span>}
      {hidden.some((field) => field !== 'clinicalInfo') && (
        <RevealEye
          exam={{
            studyInstanceUid: study.studyInstanceUid,
            accessionNumber: order?.accessionNumber ?? study.accessionNumber,
            patientName: name,
          }}
        />
      )}
      <strong className="exam-patient">{name}</strong>
      {orderDamaged && (
        <span
          className="exam-order-damaged"
          role="alert"
          title={t('reading.orderDamaged')}
          data-testid="order-damaged"
        >
          {t('reading.orderDamaged')}
        </span>
      )}
      <span>{sexAndAge(t, order?.sex ?? study.patientSex, study.patientAge)}</span>
      <span className="number">
        <span className="quiet">{t('reading.patientId')}</span> {order?.patientId ?? study.patientId}
      </span>
      <span className="number">
        <span className="quiet">{t('worklist.columns.accession')}</span>{' '}
        {order?.accessionNumber ?? study.accessionNumber}
      </span>
      <span>{order?.itemName ?? study.description}</span>
      {order && <span>{t(`patientClass.${order.patientClass}`)}</span>}
      {place && <span>{place}</span>}
      <span className="quiet number">
        {t('reading.counts', { series: study.seriesCount, instances: study.instanceCount })}
      </span>
      {order?.clinicalInfo && (
        <span className="exam-clinical" title={order.clinicalInfo}>
          <span className="quiet">{t('reading.clinicalInfo')}</span> {order.clinicalInfo}
        </span>
      )}
      {!order && !orderDamaged && <span className="exam-no-order">{t('reading.noOrder')}</span>}
    </div>
  )
}
