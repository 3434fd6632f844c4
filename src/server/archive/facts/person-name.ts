import type { DicomJson } from '../../../shared/study/index.ts'
import { firstValue } from './attribute.ts'

const eastAsian = /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]/u

/**
 * A PN as a person is called on a screen: the ideographic group where there is one, else the alphabetic; components
 * are parted by a space, except in names of East Asian script, which are written in one.
 */
export function displayName(json: DicomJson, tag: string): string {
  const value = firstValue(json, tag)
  // A PN as a bare string is not the JSON model, but some PACS send it.
  if (typeof value === 'string') return joined(value.split('=')[0] ?? '')
  if (typeof value !== 'object' || value === null) return ''
  const group = (name: string) => {
    const found = (value as Record<string, unknown>)[name]
    return typeof found === 'string' ? joined(found) : ''
  }
  return group('Ideographic') || group('Alphabetic')
}

function joined(group: string): string {
  const components = group
    .split('^')
    .map((component) => component.trim())
    .filter((component) => component !== '')
  return components.join(eastAsian.test(group) ? '' : ' ')
}
