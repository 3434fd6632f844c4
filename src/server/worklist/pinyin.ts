/**
 * The initials of a name in Hanyu Pinyin: `Zhang Xiaoming` and `ZHANG^XIAOMING` give `zxm`. Within a word a syllable starts
 * at a consonant before a vowel; the spelling rules (GB/T 16159) put an apostrophe where that would be wrong.
 */
export function pinyinInitials(name: string): string {
  const plain = name
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
  return plain
    .split(/[^a-z]+/)
    .flatMap((word) => word.match(/^[aeo]|(?:zh|ch|sh|[bcdfghjklmnpqrstwxyz])(?=[aeiouv])/g) ?? [])
    .map((syllable) => syllable[0])
    .join('')
}
