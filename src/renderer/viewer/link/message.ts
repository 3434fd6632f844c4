import { z } from 'zod'
import { Uid } from '../../../shared/study/index.ts'

const Coordinate = z.number().min(-100_000).max(100_000)
const Point = z.tuple([Coordinate, Coordinate, Coordinate])

/** What the windows of one workstation tell each other: UIDs and numbers, never a name or a text. */
export const WindowMessage = z.discriminatedUnion('kind', [
  /** The study that is open in the first window; null for none. */
  z.strictObject({ kind: z.literal('study'), study: Uid.nullable() }),
  /** A window has come: it asks for the study, or whether there is another. */
  z.strictObject({ kind: z.literal('ask') }),
  /** The images' window is there: its answer to the first window's `ask`. */
  z.strictObject({ kind: z.literal('here') }),
  /** The slice that the active pane shows. */
  z.strictObject({
    kind: z.literal('plane'),
    plane: z.strictObject({
      frameOfReference: Uid,
      position: Point,
      row: Point,
      column: Point,
      width: z.number().positive().max(100_000),
      height: z.number().positive().max(100_000),
    }),
  }),
  z.strictObject({
    kind: z.literal('window'),
    modality: z.string().max(16),
    centre: z.number(),
    width: z.number().positive(),
  }),
  z.strictObject({
    kind: z.literal('zoom'),
    zoom: z.number().positive().max(1000),
    pan: z.tuple([Coordinate, Coordinate]),
  }),
])
export type WindowMessage = z.infer<typeof WindowMessage>
/** What linking says of the active pane. */
export type LinkMessage = Extract<WindowMessage, { kind: 'plane' | 'window' | 'zoom' }>

/** The way to the other window. */
export interface WindowLink {
  send(message: WindowMessage): void
  listen(listener: (message: WindowMessage) => void): () => void
  close(): void
}

/** Over a channel of the page's own origin; what does not keep to the contract is dropped. */
export function createWindowLink(
  channel: Pick<BroadcastChannel, 'postMessage' | 'close'> & {
    onmessage: ((event: MessageEvent) => void) | null
  },
): WindowLink {
  const listeners = new Set<(message: WindowMessage) => void>()
  channel.onmessage = (event) => {
    const message = WindowMessage.safeParse(event.data)
    if (!message.success) return
    for (const listener of [...listeners]) listener(message.data)
  }
  return {
    send(message) {
      const told = WindowMessage.safeParse(message)
      if (told.success) channel.postMessage(told.data)
    },
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      listeners.clear()
      channel.close()
    },
  }
}
