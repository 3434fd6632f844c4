import { Popover } from 'antd'
import { useTranslation } from 'react-i18next'
import type { BrokenObject } from '../../shared/study/index.ts'

/** Files that the archive could not read, with why. They harm nothing else, but nobody should miss them unawares. */
export function BrokenNotice({ broken }: { broken: readonly BrokenObject[] }) {
  const { t } = useTranslation()
  if (broken.length === 0) return null
  const list = (
    <ul className="broken-list">
      {broken.map((object) => (
        <li key={object.name}>
          <strong>{object.name}</strong>
          <span className="quiet">{object.reason}</span>
        </li>
      ))}
    </ul>
  )
  return (
    <Popover content={list} title={t('worklist.brokenTitle')} trigger={['click']} placement="bottomRight">
      <button type="button" className="broken-notice" data-testid="broken-notice">
        {t('worklist.broken', { count: broken.length })}
      </button>
    </Popover>
  )
}
