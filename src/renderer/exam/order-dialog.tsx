import { Radio, Select } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PatientClass } from '../../shared/order/index.ts'
import type { WorklistRow } from '../../shared/worklist/index.ts'
import { ActionDialog } from '../administration/frame/action-dialog.tsx'
import { TextField } from '../administration/frame/field.tsx'
import { unwrap, useBridge, useClock } from '../bridge/index.ts'
import { enteredOrder, type TypedOrder, typedBefore, typedOrder } from './typed-order.ts'
import './exam.css'

interface OrderDialogProps {
  /** The images that the order is for, or the exam whose order is corrected; none for an exam that is still to be made. */
  row: WorklistRow | null
  /** As it stands in the images; empty where it does not. */
  birthDate: string
  onEntered: () => void
  onClose: () => void
}

const modalities = ['CT', 'MR', 'DX', 'CR', 'MG', 'RF', 'XA', 'US', 'NM', 'PT', 'OT']
const sexes = ['M', 'F', 'O'] as const
const priorities = ['routine', 'stat'] as const

/** An order typed in, for an exam that the hospital's system sent none for. */
export function OrderDialog({ row, birthDate, onEntered, onClose }: OrderDialogProps) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const clock = useClock()
  const [typed, setTyped] = useState<TypedOrder>(() =>
    row?.typedOrder ? typedBefore(row.typedOrder) : typedOrder(row, birthDate, clock()),
  )
  const corrects = row?.typedOrder !== undefined
  const { order, wrong } = enteredOrder(typed)
  const set = <K extends keyof TypedOrder>(name: K, value: TypedOrder[K]) =>
    setTyped((before) => ({ ...before, [name]: value }))
  const enter = async () => {
    if (order) await unwrap(bridge.orderEnter(order))
  }
  const text = (name: TextName, mistake: 'needed' | 'birthDate' | 'time' = 'needed') => (
    <TextField
      label={needed.has(name) ? `${t(`order.field.${name}`)} *` : t(`order.field.${name}`)}
      value={typed[name]}
      onChange={(value) => set(name, value)}
      mistake={wrong?.has(name) ? t(`order.wrong.${mistake}`) : undefined}
      maxLength={longest[name]}
      aria-required={needed.has(name)}
      // By it the order is found again.
      readOnly={corrects && name === 'accessionNumber'}
      testId={`order-${name}`}
    />
  )
  return (
    <ActionDialog
      title={t(corrects ? 'order.titleCorrect' : row ? 'order.titleFor' : 'order.title')}
      submit={t(corrects ? 'order.correct' : 'order.submit')}
      ready={order !== null}
      run={enter}
      onDone={onEntered}
      onClose={onClose}
      width={860}
      long
    >
      <p className="dialog-text">{t(corrects ? 'order.hintCorrect' : 'order.hint')}</p>
      <fieldset className="field-group">
        <legend>{t('order.patient')}</legend>
        <div className="order-fields">
          {text('patientId')}
          {text('patientName')}
          <Choice
            label={`${t('order.field.sex')} *`}
            value={typed.sex}
            options={sexes.map((value) => ({ value, label: t(`sex.${value}`) }))}
            onChange={(value) => set('sex', value)}
            testId="order-sex"
          />
          {text('birthDate', 'birthDate')}
          <Choice
            label={`${t('order.field.patientClass')} *`}
            value={typed.patientClass}
            options={PatientClass.options.map((value) => ({ value, label: t(`patientClass.${value}`) }))}
            onChange={(value) => set('patientClass', value)}
            wide
            testId="order-patientClass"
          />
          {text('visitNumber')}
          {text('phone')}
          {text('ward')}
          {text('bed')}
        </div>
      </fieldset>
      <fieldset className="field-group">
        <legend>{t('order.exam')}</legend>
        <div className="order-fields">
          {text('accessionNumber')}
          {text('applicationNumber')}
          <ModalityField value={typed.modality} onChange={(value) => set('modality', value)} />
          <Choice
            label={t('order.field.priority')}
            value={typed.priority}
            options={priorities.map((value) => ({ value, label: t(`order.priority.${value}`) }))}
            onChange={(value) => set('priority', value)}
            testId="order-priority"
          />
          <div className="order-wide">{text('itemName')}</div>
          {text('bodyPart')}
          {text('scheduledAt', 'time')}
          {text('orderingDepartment')}
          {text('orderingDoctor')}
          <div className="order-wide">{text('clinicalInfo')}</div>
        </div>
      </fieldset>
    </ActionDialog>
  )
}

type TextName = Exclude<
  keyof TypedOrder,
  'sex' | 'patientClass' | 'priority' | 'modality' | 'studyInstanceUid'
>

const needed: ReadonlySet<keyof TypedOrder> = new Set([
  'patientId',
  'patientName',
  'accessionNumber',
  'itemName',
  'scheduledAt',
])

/** As the contract's Order has them. */
const longest: Record<TextName, number> = {
  patientId: 64,
  patientName: 64,
  birthDate: 11,
  visitNumber: 32,
  ward: 40,
  bed: 16,
  phone: 24,
  accessionNumber: 16,
  applicationNumber: 32,
  itemName: 160,
  bodyPart: 80,
  orderingDoctor: 40,
  orderingDepartment: 40,
  clinicalInfo: 400,
  scheduledAt: 16,
}

/** One of a few, all in sight: one stop of Tab, arrow keys move within. */
function Choice<T extends string>(props: {
  label: string
  value: T | ''
  options: readonly { value: T; label: string }[]
  onChange: (value: T) => void
  wide?: boolean
  testId: string
}) {
  const name = useId()
  return (
    <div className={props.wide ? 'field order-wide' : 'field'}>
      <span className="order-label">{props.label}</span>
      <Radio.Group
        name={name}
        optionType="button"
        buttonStyle="solid"
        value={props.value === '' ? null : props.value}
        options={[...props.options]}
        onChange={({ target }) => props.onChange(target.value as T)}
        aria-label={props.label}
        data-testid={props.testId}
        className="order-choice"
      />
    </div>
  )
}

function ModalityField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation()
  const known = modalities.includes(value) || value === '' ? modalities : [value, ...modalities]
  return (
    <div className="field">
      <span className="order-label">{t('order.field.modality')} *</span>
      <Select
        value={value === '' ? null : value}
        placeholder={t('order.wrong.needed')}
        onChange={(chosen: string | null) => onChange(chosen ?? '')}
        options={known.map((modality) => ({ value: modality, label: modality }))}
        aria-label={t('order.field.modality')}
        data-testid="order-modality"
      />
    </div>
  )
}
