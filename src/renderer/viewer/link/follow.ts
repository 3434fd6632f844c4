import type { ViewerSettings } from '../../../shared/settings/index.ts'
import type { ImageView, ViewState } from '../stage/image-view.ts'
import type { LinkMessage } from './message.ts'
import type { Registrations } from './registration.ts'

export type Linked = ViewerSettings['linked']

/** What of a view others follow. */
export interface Followed {
  place: string
  window: ViewState['window']
  zoom: string
}

const placeOf = (view: ImageView) => {
  const plane = view.plane()
  return plane ? `${plane.frameOfReference} ${plane.position.join(' ')}` : ''
}
const zoomOf = (view: ImageView) => {
  const at = view.presentation()
  return at ? `${at.zoom.toFixed(4)} ${at.pan.map((one) => one.toFixed(1)).join(' ')}` : ''
}

export function followedOf(view: ImageView): Followed {
  return { place: placeOf(view), window: view.state().window, zoom: zoomOf(view) }
}

/**
 * What was moved since, as messages to whoever is linked. A picture that has only just come has not been moved: others stay where
 * they are, and keep the window that they were hung with.
 */
export function changesOf(view: ImageView, before: Followed, linked: Linked): LinkMessage[] {
  const messages: LinkMessage[] = []
  const now = followedOf(view)
  const plane = view.plane()
  if (linked.scroll && plane && before.place !== '' && now.place !== before.place)
    messages.push({ kind: 'plane', plane })
  const values = view.values()
  if (
    linked.window &&
    now.window &&
    before.window &&
    values &&
    !values.color &&
    (now.window.centre !== before.window.centre || now.window.width !== before.window.width)
  )
    messages.push({ kind: 'window', modality: values.modality, ...now.window })
  const at = view.presentation()
  if (linked.zoom && at && before.zoom !== '' && now.zoom !== before.zoom)
    messages.push({ kind: 'zoom', zoom: at.zoom, pan: [at.pan[0], at.pan[1]] })
  return messages
}

/** A view follows what another, or another window's, did. */
export function follow(view: ImageView, message: LinkMessage, registrations: Registrations): void {
  if (message.kind === 'window') {
    if (view.values()?.modality === message.modality) view.setWindow(message.centre, message.width)
  } else if (message.kind === 'zoom') {
    view.present({ zoom: message.zoom, pan: message.pan })
  } else {
    const own = view.plane()
    const point = own && registrations.carry(message.plane, own)
    if (point) view.showNearest(point)
  }
}
