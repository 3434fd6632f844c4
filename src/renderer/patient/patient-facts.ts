import type { Translate } from '../i18n/index.ts'

/** A name for reading: of a DICOM PN (PS3.5 6.2) the ideographic group where there is one, component marks as spaces or, in Chinese, as nothing. */
export function personName(name: string): string {
  const [alphabetic = '', ideographic = ''] = name.split('=')
  const group = (ideographic || alphabetic).trim()
  return /\p{Script=Han}/u.test(group)
    ? group.replaceAll('^', '').trim()
    : group.replaceAll('^', ' ').replace(/\s+/g, ' ').trim()
}

/** 男, 女 or 其他; what is not a DICOM sex as it stands. */
export function sexText(t: Translate, sex: string): string {
  return sex === 'M' || sex === 'F' || sex === 'O' ? t(`sex.${sex}`) : sex
}

/** A DICOM AS (`034Y`) in words; what is not one as it stands. */
export function ageText(t: Translate, age: string): string {
  const match = /^(\d{3})([YMWD])$/.exec(age)
  if (!match) return age
  return t(`age.${match[2] as 'Y' | 'M' | 'W' | 'D'}`, { n: Number(match[1]) })
}

/** Both, or what is known of them. */
export function sexAndAge(t: Translate, sex: string, age: string): string {
  return [sexText(t, sex), ageText(t, age)].filter(Boolean).join(' / ')
}
