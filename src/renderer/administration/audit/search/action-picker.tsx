import { Select } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { actionGroups } from '../audit-words.ts'

interface ActionPickerProps {
  actions: readonly string[]
  onActions: (actions: string[]) => void
}

/** What was done, by capability and in words; several count together. */
export function ActionPicker({ actions, onActions }: ActionPickerProps) {
  const { t } = useTranslation()
  const options = useMemo(
    () =>
      actionGroups(t).map(({ capability, name, actions: own }) => ({
        label: name,
        options: [
          { value: `${capability}.`, label: t('auditor.wholeCapability', { name }) },
          ...own.map(({ action, name: label }) => ({ value: action, label })),
        ],
      })),
    [t],
  )
  return (
    <Select
      mode="multiple"
      value={[...actions]}
      onChange={onActions}
      options={options}
      placeholder={t('auditor.anyAction')}
      showSearch={{ optionFilterProp: 'label' }}
      maxTagCount="responsive"
      maxCount={50}
      allowClear
      popupMatchSelectWidth={280}
      className="audit-actions"
      aria-label={t('administration.action')}
      data-testid="audit-actions"
    />
  )
}
