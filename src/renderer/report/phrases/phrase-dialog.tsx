import { Button, Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Failure, failureOf } from '../../../shared/errors/index.ts'
import { Phrase } from '../../../shared/settings/index.ts'
import { useFailureSentence } from '../../app/failure-notice.tsx'
import { useFocusReturn } from '../../app/focus-return.ts'
import { useSetting } from '../../settings/use-setting.ts'
import { initials } from '../templates/initials.ts'
import { phrasesInForce } from './delivered.ts'

interface PhraseDialogProps {
  onInsert: (phrase: Phrase) => void
  onClose: () => void
}

/** All phrases by their abbreviations: to look up, to insert, to add of one's own and to remove those. */
export function PhraseDialog({ onInsert, onClose }: PhraseDialogProps) {
  useFocusReturn()
  const { t } = useTranslation()
  const sentence = useFailureSentence()
  const [{ phrases: own }, change] = useSetting('phrases')
  const [query, setQuery] = useState('')
  const [abbreviation, setAbbreviation] = useState('')
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState(false)
  const [failure, setFailure] = useState<Failure | null>(null)
  const wanted = query.trim().toLowerCase()
  const shown = phrasesInForce(own).filter((phrase) =>
    [phrase.abbreviation.toLowerCase(), phrase.text, initials(phrase.text)].some((words) =>
      words.includes(wanted),
    ),
  )
  const keep = async (phrases: Phrase[]) => {
    setFailure(null)
    try {
      await change({ phrases })
    } catch (thrown) {
      setFailure(failureOf(thrown))
    }
  }
  const add = () => {
    const read = Phrase.safeParse({ abbreviation, text })
    const typable = read.success && /^[A-Za-z0-9]+$/.test(read.data.abbreviation)
    setWrong(!typable)
    if (!read.success || !typable) return
    const name = read.data.abbreviation.toLowerCase()
    void keep([read.data, ...own.filter((each) => each.abbreviation.toLowerCase() !== name)].slice(0, 500))
    setAbbreviation('')
    setText('')
  }
  return (
    <Modal
      open
      title={t('review.phrases.title')}
      width={640}
      onCancel={onClose}
      footer={null}
      centered
      destroyOnHidden
      data-testid="phrases"
    >
      <p className="quiet">{t('review.phrases.hint')}</p>
      <div className="phrase-new">
        <Input
          value={abbreviation}
          onChange={(event) => setAbbreviation(event.target.value)}
          placeholder={t('review.phrases.abbreviation')}
          aria-label={t('review.phrases.abbreviation')}
          maxLength={20}
          data-testid="phrase-abbreviation"
        />
        <Input
          value={text}
          onChange={(event) => setText(event.target.value)}
          onPressEnter={(event) => event.nativeEvent.isComposing || add()}
          placeholder={t('review.phrases.text')}
          aria-label={t('review.phrases.text')}
          maxLength={1000}
          data-testid="phrase-text"
        />
        <Button onClick={add} data-testid="phrase-add">
          {t('review.phrases.add')}
        </Button>
      </div>
      {(wrong || failure) && (
        <p className="decision-lack" role="alert">
          {failure ? `${t('review.templates.saveFailed')}${sentence(failure)}` : t('review.phrases.taken')}
        </p>
      )}
      <Input
        autoFocus
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onPressEnter={(event) => !event.nativeEvent.isComposing && shown[0] && onInsert(shown[0])}
        placeholder={t('review.phrases.search')}
        aria-label={t('review.phrases.search')}
        data-testid="phrase-search"
      />
      <ul className="phrase-list">
        {shown.map((phrase) => (
          <li key={phrase.abbreviation} data-testid="phrase">
            <button type="button" className="phrase" onClick={() => onInsert(phrase)}>
              <kbd>{phrase.abbreviation}</kbd>
              <span>{phrase.text}</span>
            </button>
            {own.includes(phrase) ? (
              <button
                type="button"
                className="link-button"
                onClick={() => void keep(own.filter((each) => each !== phrase))}
                data-testid="phrase-remove"
              >
                {t('review.phrases.remove')}
              </button>
            ) : (
              <span className="quiet">{t('review.phrases.delivered')}</span>
            )}
          </li>
        ))}
      </ul>
    </Modal>
  )
}
