import { useClock } from '../bridge/index.ts'
import { dateOf } from '../i18n/index.ts'

/** Today as DICOM DA. */
export function useToday(): string {
  return dateOf(useClock()()).replaceAll('-', '')
}
