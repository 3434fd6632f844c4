import type { Lack } from './decisions.ts'

/** Where what is lacking is entered; the first selector that finds something. */
const places: Record<Lack, readonly string[]> = {
  action: ['input'],
  type: ['[data-testid=alert-type] input'],
  content: ['textarea'],
  recipient: ['[data-testid=recipient-name]'],
  repeats: ['[data-testid=earlier-again]'],
  reason: ['[data-lack-reason] input[type=text]', '[data-lack-reason] input'],
  'no-alert': ['[data-lack-reason] input:checked'],
  passage: ['[data-testid=added-passage] input'],
  'same-passage': ['[data-testid=added-passage] input'],
}

/** Brings the person to what an item of the form still lacks. */
export function focusLack(form: HTMLElement | null, { id, lack }: { id: string; lack: Lack }): void {
  const item = form?.querySelector<HTMLElement>(`[data-item="${CSS.escape(id)}"]`)
  if (!item) return
  const place = places[lack]
    .map((each) => item.querySelector<HTMLElement>(each))
    .find((each) => each !== null)
  item.scrollIntoView({ block: 'nearest' })
  place?.focus({ preventScroll: true })
  place?.scrollIntoView({ block: 'nearest' })
}
