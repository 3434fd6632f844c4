import { Button, Modal } from 'antd'
import { useTranslation } from 'react-i18next'
import type { DictionaryContent } from '../../../shared/api/dictionary.ts'
import { columnHeading, type TableProblem } from '../../../shared/dictionary/index.ts'
import type { FileProblem } from '../../spreadsheet/index.ts'
import { DiffView } from '../compare/diff-view.tsx'
import { useLanguage } from '../language.ts'

/** What came of a file: a dictionary, or why it is none. */
export type ImportRead =
  | { kind: 'content'; content: DictionaryContent }
  | { kind: 'problems'; problems: readonly TableProblem[] }
  | { kind: 'file'; problem: FileProblem }

interface ImportDialogProps {
  fileName: string
  read: ImportRead
  current: DictionaryContent
  onTake: (content: DictionaryContent) => void
  onClose: () => void
}

/** What a file would change, or what is wrong with it and where; nothing is changed before it is taken. */
export function ImportDialog({ fileName, read, current, onTake, onClose }: ImportDialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      open
      title={t('dictionary.import.title', { name: fileName })}
      width={860}
      onCancel={onClose}
      footer={[
        <Button key="close" onClick={onClose}>
          {t('app.cancel')}
        </Button>,
        read.kind === 'content' && (
          <Button key="take" type="primary" onClick={() => onTake(read.content)} data-testid="import-take">
            {t('dictionary.import.take')}
          </Button>
        ),
      ]}
      destroyOnHidden
      centered
      data-testid="import-dialog"
    >
      {read.kind === 'file' && (
        <p className="notice notice-bad" role="alert" data-testid="import-unreadable">
          {t(`dictionary.import.${read.problem}`)}
        </p>
      )}
      {read.kind === 'problems' && <Problems problems={read.problems} />}
      {read.kind === 'content' && (
        <>
          <p className="quiet import-text">{t('dictionary.import.text')}</p>
          <div className="import-body">
            <DiffView before={current} after={read.content} />
          </div>
        </>
      )}
    </Modal>
  )
}

function Problems({ problems }: { problems: readonly TableProblem[] }) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <>
      <p className="notice notice-bad" role="alert">
        {t('dictionary.import.problems', { count: problems.length })}
      </p>
      <div className="import-body">
        <table className="import-problems" data-testid="import-problems">
          <thead>
            <tr>
              <th>{t('dictionary.import.row')}</th>
              <th>{t('dictionary.import.column')}</th>
              <th>{t('dictionary.import.what')}</th>
              <th>{t('dictionary.import.value')}</th>
            </tr>
          </thead>
          <tbody>
            {problems.map(({ row, column, heading, reason, value }) => (
              <tr key={`${row}:${column}:${heading}:${reason}:${value}`}>
                <td className="number">{row}</td>
                <td>{heading || (column ? columnHeading(column, language) : '')}</td>
                <td>{t(`dictionary.import.reason.${reason}`)}</td>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
