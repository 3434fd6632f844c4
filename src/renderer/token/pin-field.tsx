import { Checkbox } from 'antd'
import type { Ref } from 'react'
import { useTranslation } from 'react-i18next'
import type { Token } from '../../shared/ipc/index.ts'
import { SecretField } from '../entry/secret-field.tsx'

interface PinFieldProps {
  id: string
  /** By which the form is read. */
  name?: string
  label?: string
  disabled?: boolean
  invalid?: boolean
  autoFocus?: boolean
  /** What the key says of its tries: the last one has to be confirmed (`isConfirmed`). */
  tries?: Token['pin'] | undefined
  /** ↑ or ↓ in the field: the keys above can be chosen without leaving it. */
  onStep?: (by: 1 | -1) => void
  ref?: Ref<HTMLInputElement>
}

/** The PIN's field, and what there is to know before it is typed: few tries left, or the last. */
export function PinField({ id, name = 'pin', label, tries, onStep, ...field }: PinFieldProps) {
  const { t } = useTranslation()
  return (
    <>
      <SecretField
        {...field}
        id={id}
        name={name}
        testId={name}
        label={label ?? t('token.pin')}
        maxLength={64}
        onKeyDown={(event) => {
          if (!onStep || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
          event.preventDefault()
          onStep(event.key === 'ArrowDown' ? 1 : -1)
        }}
      />
      <FinalTry tries={tries} disabled={field.disabled ?? false} />
    </>
  )
}

/** Stands where a wrong PIN would lock the key, and asks for a tick before the try is spent (`isConfirmed`). */
export function FinalTry({ tries, disabled }: { tries: Token['pin'] | undefined; disabled: boolean }) {
  const { t } = useTranslation()
  if (tries !== 'final-try') return null
  return (
    <div className="pin-final" role="alert" data-testid="pin-final">
      <p>{t('token.finalTry')}</p>
      <Checkbox name="finalTry" disabled={disabled} data-testid="pin-final-confirm">
        {t('token.finalTryConfirm')}
      </Checkbox>
    </div>
  )
}

/** Whether a form may spend the try: always, but for the last, which is the person's to confirm. */
export function isConfirmed(form: HTMLFormElement): boolean {
  const box = form.elements.namedItem('finalTry')
  return !(box instanceof HTMLInputElement) || box.checked
}
