import { pinyin } from 'pinyin-pro'

/** A name as it is searched by: `zxm` and `zhangxiaoming` for 张晓明; empty where it has no Latin spelling. */
export interface Spelling {
  initials: string
  whole: string
}

/**
 * The spelling of a name: as it came in Latin letters (`ZHANG^XIAOMING`), else read from the characters, the surname as a surname
 * (单 shan, 曾 zeng, 仇 qiu, 解 xie).
 */
export function spellingOf(name: string, latin: string): Spelling {
  if (latin !== '') return { initials: pinyinInitials(latin), whole: plainLetters(latin).join('') }
  if (!/\p{Script=Han}/u.test(name)) return { initials: '', whole: '' }
  const characters = name.replaceAll(/[^\p{Script=Han}]/gu, '')
  const syllables = pinyin(characters, { surname: 'head', toneType: 'none', type: 'array', v: true })
  return { initials: syllables.map((syllable) => syllable[0]).join(''), whole: syllables.join('') }
}

/**
 * The initials of a name in Hanyu Pinyin: `Zhang Xiaoming` and `ZHANG^XIAOMING` give `zxm`. Within a word a syllable starts
 * at a consonant before a vowel; the spelling rules (GB/T 16159) put an apostrophe where that would be wrong.
 */
export function pinyinInitials(name: string): string {
  return plainLetters(name)
    .flatMap((word) => word.match(/^[aeo]|(?:zh|ch|sh|[bcdfghjklmnpqrstwxyz])(?=[aeiouv])/g) ?? [])
    .map((syllable) => syllable[0])
    .join('')
}

/** The words of it in lower case, without marks. */
function plainLetters(name: string): string[] {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .split(/[^a-z]+/)
    .filter((word) => word !== '')
}
