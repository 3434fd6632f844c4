import { useTranslation } from 'react-i18next'
import type { Language } from '../../shared/dictionary/index.ts'

/** The language that the table form and the differences are written in. */
export function useLanguage(): Language {
  return useTranslation().i18n.language === 'en' ? 'en' : 'zh-CN'
}
