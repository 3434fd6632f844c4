import { type ActionId, chordsOf } from '../../keys/actions.ts'
import { chordOf, chordText } from '../../keys/chord.ts'
import { useAction } from '../../keys/keys-provider.tsx'
import type { Preset } from '../display/presets.ts'
import type { ImageView } from '../stage/image-view.ts'
import type { LeftTool } from '../stage/pointer-tools.ts'
import type { StackView } from '../stage/stack-view.ts'
import { applyPreset } from './preset-name.ts'

const page = 10

const toolKeys = {
  window: 'images.window',
  scroll: 'images.scrollTool',
  pan: 'images.pan',
  zoom: 'images.zoom',
  magnify: 'images.magnify',
  select: 'measure.select',
  length: 'measure.length',
  bidirectional: 'measure.bidirectional',
  angle: 'measure.angle',
  cobb: 'measure.cobb',
  ellipse: 'measure.ellipse',
  rectangle: 'measure.rectangle',
  probe: 'measure.probe',
  arrow: 'measure.arrow',
  text: 'measure.text',
  calibrate: 'measure.calibrate',
} as const satisfies Record<LeftTool, ActionId>

/** The key of a tool with the person's own keys, as it is written on keys; '' where it has none. */
export function toolKey(tool: LeftTool, own: Readonly<Record<string, readonly string[]>>): string {
  const chord = chordsOf(toolKeys[tool], own)[0]
  return chord === undefined ? '' : chordText(chord)
}

const tools = Object.keys(toolKeys) as LeftTool[]

/** Whether the keys are the images' now: for what would also mean something elsewhere (undo, delete). */
const inImages = () => {
  const focus = document.activeElement
  return !focus || focus === document.body || focus.closest('.vigil-viewer') !== null
}

/** The keys of the active pane. They act wherever the focus is, but not while typing. */
export function useImageKeys(facts: {
  view: ImageView | null
  presets: readonly Preset[]
  onTool(tool: LeftTool): void
}): void {
  const { view, presets, onTool } = facts
  const on = view !== null
  // The list of tools never changes: the hooks are called in the same order always.
  for (const tool of tools) {
    // biome-ignore lint/correctness/useHookAtTopLevel: see above
    useAction(toolKeys[tool], () => onTool(tool))
  }
  useAction('images.up', () => view?.scroll(-1), on)
  useAction('images.down', () => view?.scroll(1), on)
  useAction('images.pageUp', () => view?.scroll(-page), on)
  useAction('images.pageDown', () => view?.scroll(page), on)
  useAction('images.first', () => view?.show(0), on)
  useAction('images.last', () => view?.show(view.state().count - 1), on)
  useAction('images.play', () => view?.play(!view.state().playing), on)
  useAction('images.faster', () => faster(view, 1.25), on)
  useAction('images.slower', () => faster(view, 0.8), on)
  useAction('images.reset', () => view?.reset(), on)
  useAction('images.invert', () => view?.invert(), on)
  useAction('images.rotate', () => view?.rotate(), on)
  useAction('images.flipH', () => view?.flip('horizontal'), on)
  useAction('images.flipV', () => view?.flip('vertical'), on)
  useAction(
    'images.preset',
    (event) => {
      // An input method has the sign that the key writes; its place on the board says which one is meant.
      const chord = chordOf(event)
      const chosen = presets.find((one) => one.key === chord)
      if (!chosen) return false
      if (view) applyPreset(view, chosen)
    },
    on,
  )
}

function faster(view: ImageView | null, factor: number): void {
  if (view?.kind === 'stack') (view as StackView).playFaster(factor)
}

/** What keys do to measurements. */
export function useMeasureKeys(does: {
  undo(): void
  redo(): void
  remove(): boolean
  insert(): boolean
  keyImage(): boolean
  toggleList(): void
}): void {
  useAction('measure.undo', () => inImages() && does.undo())
  useAction('measure.redo', () => inImages() && does.redo())
  useAction('measure.delete', () => inImages() && does.remove())
  useAction('measure.insert', does.insert)
  useAction('measure.list', does.toggleList)
  useAction('images.keyImage', does.keyImage)
}

export type KeyBindings = Readonly<Record<string, readonly string[]>>
