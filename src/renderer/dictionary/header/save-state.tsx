import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useFailureSentence } from '../../app/failure-notice.tsx'
import { mostEntries } from '../draft/mistakes.ts'
import type { Draft } from '../draft/use-draft.ts'
import { problemText } from '../fields/mistake-words.ts'

/** 已保存 / 正在保存 / 有误，未保存 / 未能保存 */
export function SaveState({ draft, onErrors }: { draft: Draft; onErrors: () => void }) {
  const { t } = useTranslation()
  const sentence = useFailureSentence()
  const errors = draft.review?.errors ?? 0
  if (!draft.copy) return null
  // What no entry shows, because it is wrong with all of them together.
  const problem = draft.review?.problems.find(({ field }) => field === 'entries')
  const told = draft.review?.tooMany
    ? t('dictionary.mistake.many', { limit: mostEntries })
    : problem && problemText(t, problem)
  const whole = told && t('dictionary.mistakeOf', { field: t('dictionary.part.entries'), told })
  const state = errors > 0 ? 'invalid' : draft.failure ? 'failed' : draft.unsaved ? 'pending' : 'saved'
  return (
    <span className="draft-state" role="status" data-testid="draft-save" data-state={state}>
      {state === 'invalid' ? (
        <Button size="small" danger onClick={onErrors} data-testid="to-error">
          {t('dictionary.save.invalid', { n: errors })}
          {whole && ` · ${whole}`}
        </Button>
      ) : state === 'failed' && draft.failure ? (
        <span className="state-bad">
          {t('dictionary.save.failed')}：{sentence(draft.failure)}
        </span>
      ) : (
        <span className={state === 'saved' ? 'quiet' : 'state-warn'}>{t(`dictionary.save.${state}`)}</span>
      )}
    </span>
  )
}
