import type { DictionaryVersion } from '../../../shared/api/dictionary.ts'
import type { Translate } from '../../i18n/index.ts'

/** 现行 · 草稿 · 已试运行 · 已发布 · 已放弃 */
export function stateName(t: Translate, row: DictionaryVersion, inForce: string): string {
  return row.version === inForce ? t('dictionary.state.inForce') : t(`dictionary.state.${row.state}`)
}

export function versionName(t: Translate, row: DictionaryVersion, inForce: string): string {
  return `${row.version} · ${stateName(t, row, inForce)}`
}

export function editorNames({ editors }: DictionaryVersion): string {
  return editors.map(({ name }) => name).join('、')
}

/** The first version is the gateway's own. */
export function personName(t: Translate, name: string): string {
  return name === '' || name === 'gateway' ? t('dictionary.head.system') : name
}

/** The draft, or the tested draft; there is one at most. */
export function draftOf(versions: readonly DictionaryVersion[]): DictionaryVersion | null {
  return versions.find(({ state }) => state === 'draft' || state === 'tested') ?? null
}
