import { createInstance, type i18n, type TFunction } from 'i18next'
import { en } from './en.ts'
import { zhCN } from './zh-CN.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation'
    resources: { translation: typeof zhCN }
  }
}

export type Language = 'zh-CN' | 'en'
export type Translate = TFunction<'translation'>

/** Both languages are bundled: nothing is fetched. React escapes what is shown, so i18next does not. */
export async function createI18n(language: Language): Promise<i18n> {
  const instance = createInstance({
    lng: language,
    fallbackLng: 'zh-CN',
    resources: { 'zh-CN': { translation: zhCN }, en: { translation: en } },
    interpolation: { escapeValue: false },
  })
  await instance.init()
  return instance
}

export { clockTime, dateOf, dateTime, sentenceTime, shortDateTime } from './dates.ts'
export { failureSentence } from './failure-sentence.ts'
