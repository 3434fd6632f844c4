import { useMutation } from '@tanstack/react-query'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DictionaryVersion } from '../../../shared/api/dictionary.ts'
import { failureOf } from '../../../shared/errors/index.ts'
import { useFailureSentence } from '../../app/failure-notice.tsx'
import { useSession } from '../../app/session.ts'
import { dateTime } from '../../i18n/index.ts'
import type { Draft } from '../draft/use-draft.ts'

interface DraftNoticesProps {
  draft: Draft
  row: DictionaryVersion | null
  /** To the comparison with what was put aside. */
  onAside: () => void
}

/** What became of the draft elsewhere while it was edited here. No edit is lost without being asked. */
export function DraftNotices({ draft, row, onAside }: DraftNoticesProps) {
  const { t } = useTranslation()
  const sentence = useFailureSentence()
  const { accountId } = useSession()
  const choose = useMutation({ mutationFn: (choice: 'takeTheirs' | 'keepMine') => draft[choice]() })
  const others = (row?.editors ?? []).filter((editor) => editor.accountId !== accountId)
  return (
    <>
      {row && draft.copy?.clash && (
        <div className="notice notice-bad" role="alert" data-testid="clash">
          <span>
            {t('dictionary.clash.text', {
              who: others.map(({ name }) => name).join('、') || t('dictionary.clash.you'),
              time: dateTime(row.changedAt),
            })}
            {choose.isError && ` ${sentence(failureOf(choose.error))}`}
          </span>
          <span className="space" />
          <Button
            size="small"
            onClick={() => choose.mutate('takeTheirs')}
            loading={choose.isPending}
            data-testid="clash-theirs"
          >
            {t('dictionary.clash.theirs')}
          </Button>
          <Button
            size="small"
            onClick={() => choose.mutate('keepMine')}
            disabled={choose.isPending}
            data-testid="clash-mine"
          >
            {t('dictionary.clash.mine')}
          </Button>
        </div>
      )}
      {draft.copy?.aside && (
        <div className="notice" data-testid="aside">
          <span>{t('dictionary.clash.aside')}</span>
          <span className="space" />
          <Button size="small" onClick={onAside} data-testid="aside-compare">
            {t('dictionary.clash.compare')}
          </Button>
          <Button size="small" onClick={() => draft.tell({ kind: 'take-up-aside' })} data-testid="aside-take">
            {t('dictionary.clash.takeUp')}
          </Button>
          <Button size="small" onClick={() => draft.tell({ kind: 'drop-aside' })} data-testid="aside-drop">
            {t('dictionary.clash.drop')}
          </Button>
        </div>
      )}
      {draft.orphan && (
        <div className="notice notice-bad" role="alert" data-testid="orphan">
          <span>{t('dictionary.clash.gone')}</span>
          <span className="space" />
          <Button size="small" onClick={onAside}>
            {t('dictionary.clash.compare')}
          </Button>
          <Button size="small" onClick={draft.dropOrphan}>
            {t('dictionary.clash.drop')}
          </Button>
        </div>
      )}
    </>
  )
}
