/** 复姓 that a name may begin with; of any other the first character is the surname. */
const compound =
  /^(?:欧阳|司马|上官|诸葛|尉迟|皇甫|公孙|慕容|令狐|司徒|夏侯|东方|长孙|宇文|端木|独孤|南宫|澹台|百里|呼延|轩辕|万俟|闻人|赫连|淳于|单于|太史|申屠|仲孙|公冶|宗政|濮阳|钟离|鲜于|闾丘|亓官|司寇|巫马|第五|西门|东郭|左丘|梁丘)/

/** A name as it is shown to who may not see it: 张晓明 → 张**, 欧阳思雨 → 欧阳**, anything else by its first letter. */
export function maskedName(name: string): string {
  const plain = name.trim()
  if (plain === '') return '**'
  const surname = plain.length > 2 ? (compound.exec(plain)?.[0] ?? [...plain][0]) : [...plain][0]
  return `${surname}**`
}

/** A telephone number by its last two digits, enough to tell two of them apart: ****99; empty stays empty. */
export function maskedPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  if (digits === '') return ''
  return digits.length > 4 ? `****${digits.slice(-2)}` : '****'
}

/** A staff number by its last two characters, of characters that one may have: ----99. */
export function maskedStaffNumber(number: string): string {
  if (number === '') return ''
  return number.length > 4 ? `----${number.slice(-2)}` : '----'
}
