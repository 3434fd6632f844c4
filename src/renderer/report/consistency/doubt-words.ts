import { useTranslation } from 'react-i18next'
import type { Inconsistency } from '../../../shared/report/consistency/index.ts'

/** Says what is doubted and why. */
export function useDoubtWords(): (doubt: Inconsistency) => { what: string; why: string } {
  const { t } = useTranslation()
  return ({ kind, expected }) => {
    const what = t(`review.doubts.kind.${kind}`)
    if (kind === 'sex') return { what, why: t(`review.doubts.because.sex${expected === 'M' ? 'M' : 'F'}`) }
    if (expected === '') return { what, why: '' }
    switch (kind) {
      case 'side-order':
      case 'side-sections':
      case 'wrong-word':
        return { what, why: t(`review.doubts.because.${kind}`, { expected }) }
      case 'date-unknown':
      case 'same-as-prior': {
        const day = `${expected.slice(0, 4)}-${expected.slice(4, 6)}-${expected.slice(6)}`
        return { what, why: t(`review.doubts.because.${kind}`, { expected: day }) }
      }
      default:
        return { what, why: '' }
    }
  }
}
