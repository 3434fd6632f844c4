import { useTranslation } from 'react-i18next'
import { usePreferences } from './preferences.ts'

/** Between Chinese and English; kept for this workstation. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation()
  const preferences = usePreferences()
  const switchLanguage = () => {
    const language = i18n.language === 'en' ? 'zh-CN' : 'en'
    preferences.write({ language })
    void i18n.changeLanguage(language)
  }
  return (
    <button
      type="button"
      className="header-button"
      title={t('app.languageHint')}
      onClick={switchLanguage}
      data-testid="language"
    >
      {t('app.language')}
    </button>
  )
}
