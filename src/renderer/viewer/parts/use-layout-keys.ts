import type { ViewerSettings } from '../../../shared/settings/index.ts'
import { useAction } from '../../keys/keys-provider.tsx'
import { type Arrangement, toggleMaximised, withNextActive, withNextSet } from '../hanging/arrangement.ts'

const corners: readonly ViewerSettings['cornerText'][] = ['full', 'short', 'none']

/** The keys of layout, hanging and linking. */
export function useLayoutKeys(deps: {
  /** Changes that keep what the panes show. */
  look(change: (before: Arrangement) => Arrangement): void
  /** Changes by hand of what the panes show. */
  change(change: (before: Arrangement) => Arrangement): void
  setIds(): readonly string[]
  openLayout(): void
  nextProtocol(by: 1 | -1): void
  viewer: ViewerSettings
  onViewer(next: ViewerSettings): void
}): void {
  const { look, change, viewer, onViewer } = deps
  const link = (what: keyof ViewerSettings['linked']) =>
    onViewer({ ...viewer, linked: { ...viewer.linked, [what]: !viewer.linked[what] } })
  useAction('images.layout', deps.openLayout)
  useAction('images.maximise', () => look((before) => toggleMaximised(before)))
  useAction('images.nextPane', () => look((before) => withNextActive(before, 1)))
  useAction('images.previousPane', () => look((before) => withNextActive(before, -1)))
  useAction('images.nextSeries', () => change((before) => withNextSet(before, 1, deps.setIds())))
  useAction('images.previousSeries', () => change((before) => withNextSet(before, -1, deps.setIds())))
  useAction('images.hanging', () => deps.nextProtocol(1))
  useAction('images.hangingBack', () => deps.nextProtocol(-1))
  useAction('images.linkScroll', () => link('scroll'))
  useAction('images.linkWindow', () => link('window'))
  useAction('images.linkZoom', () => link('zoom'))
  useAction('images.crosslines', () => onViewer({ ...viewer, crosslines: !viewer.crosslines }))
  useAction('images.cornerText', () => {
    const next = corners[(corners.indexOf(viewer.cornerText) + 1) % corners.length]
    if (next) onViewer({ ...viewer, cornerText: next })
  })
}
