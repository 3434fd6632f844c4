/** The ideographic group of a person name (PS3.5 6.2.1.2) where there is one, else the first; carets read as the script has it. */
export function displayName(personName: string): string {
  const [alphabetic = '', ideographic = ''] = personName.split('=')
  if (ideographic.replaceAll('^', '').trim()) return ideographic.replaceAll('^', '').trim()
  const joint = /[\u3400-\u9fff\uac00-\ud7af]/.test(alphabetic) ? '' : ' '
  return alphabetic.split('^').filter(Boolean).join(joint).trim()
}

/** A DICOM date as YYYY-MM-DD; as it stands where it is not one. */
export function displayDate(da: string): string {
  return /^\d{8}$/.test(da) ? `${da.slice(0, 4)}-${da.slice(4, 6)}-${da.slice(6)}` : da
}

export function displayTime(tm: string): string {
  return /^\d{4,6}/.test(tm) ? tm.slice(0, 6).replace(/(\d{2})(?=\d)/g, '$1:') : ''
}

/** An age string (045Y) in a reader's words, or the years between birth and study date. */
export function displayAge(
  age: string,
  birthDate: string,
  studyDate: string,
  units: Record<'Y' | 'M' | 'W' | 'D', string>,
): string {
  const stated = /^(\d{3})([DWMY])$/.exec(age)
  if (stated && Number(stated[1]) > 0) return `${Number(stated[1])}${units[stated[2] as 'Y']}`
  if (!/^\d{8}$/.test(birthDate) || !/^\d{8}$/.test(studyDate)) return ''
  const years = Math.floor((Number(studyDate) - Number(birthDate)) / 10000)
  return years >= 0 && years < 150 ? `${years}${units.Y}` : ''
}
