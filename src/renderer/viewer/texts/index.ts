import { createContext, use } from 'react'
import type { ImageProblem } from '../problem.ts'
import { en } from './en.ts'
import { type TextKey, zhCN } from './zh-CN.ts'

export type { TextKey } from './zh-CN.ts'
export type ViewerLanguage = 'zh-CN' | 'en'
export type Say = (key: TextKey, facts?: Record<string, string | number>) => string

export function sayIn(language: ViewerLanguage): Say {
  const all = language === 'en' ? en : zhCN
  return (key, facts = {}) =>
    all[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(facts[name] ?? whole))
}

export const SayContext = createContext<Say>(sayIn('zh-CN'))

export function useSay(): Say {
  return use(SayContext)
}

export function useLanguage(): ViewerLanguage {
  return useSay()('language') === 'en' ? 'en' : 'zh-CN'
}

/** The sentence for a failure; codes that do not concern images share one. */
export function problemKey(problem: ImageProblem): TextKey {
  const key =
    problem.code === 'volume-impossible' ? `volume.reason.${problem.detail}` : `problem.${problem.code}`
  return key in zhCN ? (key as TextKey) : 'problem.other'
}

/** The sentence for an object without pixels, by modality. */
export function objectKey(modality: string): TextKey {
  const key = `object.${modality}`
  return key in zhCN ? (key as TextKey) : 'object.other'
}
