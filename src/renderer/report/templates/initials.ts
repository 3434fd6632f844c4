/** The first character of each pinyin initial in the order of pinyin (there is none of i, u and v). */
const firsts = '阿八嚓哒妸发旮哈讥咔垃妈拏噢妑七呥仨它穵夕丫帀'
const letters = 'abcdefghjklmnopqrstwxyz'

/** The pinyin initials of a name, 头颅CT平扫（脑出血）as tlctpsncx; by the collation of Chinese, so without a dictionary of ours. */
export function initials(name: string): string {
  return [...name].map(initial).join('')
}

const order = new Intl.Collator('zh-Hans-CN-u-co-pinyin')
const cuts = [...firsts]

function initial(character: string): string {
  if (!/\p{Script=Han}/u.test(character))
    return /[\p{L}\p{N}]/u.test(character) ? character.toLowerCase() : ''
  const after = cuts.findIndex((first) => order.compare(character, first) < 0)
  const at = after < 0 ? cuts.length - 1 : after - 1
  return letters[Math.max(at, 0)] ?? ''
}
