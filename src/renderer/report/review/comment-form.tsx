import { Button, Input, type InputRef } from 'antd'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Failure, failureOf } from '../../../shared/errors/index.ts'
import { useFailureSentence } from '../../app/failure-notice.tsx'

interface CommentFormProps {
  hint: string
  go: string
  /** Rejects with what `failureOf` understands; the words stay then. */
  onGo: (comment: string) => Promise<void>
  onBack: () => void
}

/** Words that go with a step: why it is given back, why it is taken over. Enter sends, Escape goes back. */
export function CommentForm({ hint, go, onGo, onBack }: CommentFormProps) {
  const { t } = useTranslation()
  const sentence = useFailureSentence()
  const [comment, setComment] = useState('')
  const [missing, setMissing] = useState(false)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const field = useRef<InputRef>(null)
  useEffect(() => field.current?.focus(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const words = comment.trim()
    setMissing(words.length < 2)
    setFailure(null)
    if (words.length < 2) return field.current?.focus()
    setBusy(true)
    try {
      await onGo(words)
    } catch (thrown) {
      setFailure(failureOf(thrown))
      setBusy(false)
    }
  }
  return (
    <form className="comment-form" onSubmit={(event) => void submit(event)} data-testid="comment-form">
      <Input
        ref={field}
        size="small"
        value={comment}
        onChange={(event) => setComment(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
          event.stopPropagation()
          onBack()
        }}
        placeholder={hint}
        aria-label={hint}
        maxLength={500}
        status={missing ? 'error' : ''}
        disabled={busy}
        data-testid="comment"
      />
      <Button size="small" type="primary" htmlType="submit" loading={busy} data-testid="comment-go">
        {go}
      </Button>
      {missing && <span className="decision-lack">{t('review.act.commentMissing')}</span>}
      {failure && (
        <span className="decision-lack" role="alert">
          {t('review.act.failed')}
          {sentence(failure)}
        </span>
      )}
    </form>
  )
}
