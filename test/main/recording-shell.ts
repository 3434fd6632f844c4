import type { Shell, SystemSignal, WindowServices } from '../../src/main/shell.ts'
import type { IpcEvent, WorkstationState } from '../../src/shared/ipc/index.ts'

/** A shell without a window, in place of the operating system: it keeps in order what it was told. */
export interface RecordingShell extends Shell {
  /** `blank`, `unblank`, `attention`, `calm`, `images-open`, `images-closed` and the events' kinds (`state:locked`), in order. */
  readonly order: string[]
  readonly events: IpcEvent[]
  services(): WindowServices
  signal(signal: SystemSignal): void
  setIdle(milliseconds: number | null): void
  /** Files that were saved, by name. */
  readonly saved: Map<string, Uint8Array>
  lastState(): WorkstationState | undefined
}

export function recordingShell(): RecordingShell {
  const order: string[] = []
  const events: IpcEvent[] = []
  const saved = new Map<string, Uint8Array>()
  const listeners = new Set<(signal: SystemSignal) => void>()
  let opened: WindowServices | null = null
  let idle: number | null = null
  let imagesOpen = false
  const imagesListeners = new Set<(open: boolean) => void>()
  return {
    kind: 'chromium',
    order,
    events,
    async open(services) {
      opened = services
    },
    send(event) {
      events.push(event)
      order.push(event.kind === 'state' ? `state:${event.state.phase}` : event.kind)
    },
    async blank(blanked) {
      order.push(blanked ? 'blank' : 'unblank')
    },
    async imagesWindow(open) {
      if (imagesOpen === open) return
      imagesOpen = open
      order.push(open ? 'images-open' : 'images-closed')
      for (const listener of imagesListeners) listener(open)
    },
    imagesWindowIsOpen: () => imagesOpen,
    onImagesWindow: (listener) => void imagesListeners.add(listener),
    attention: (on) => void order.push(on ? 'attention' : 'calm'),
    saved,
    async saveFile(fileName, content, signal) {
      if (signal.aborted) return null
      saved.set(fileName, content)
      return `/chosen/${fileName}`
    },
    pdf: async () => Buffer.from('%PDF-1.4'),
    print: async () => void order.push('print'),
    idleMs: () => idle,
    onSignal: (listener) => void listeners.add(listener),
    async close() {},
    services() {
      if (!opened) throw new Error('the window is not open')
      return opened
    },
    signal(signal) {
      for (const listener of listeners) listener(signal)
    },
    setIdle: (milliseconds) => {
      idle = milliseconds
    },
    lastState() {
      for (const event of events.toReversed()) if (event.kind === 'state') return event.state
      return undefined
    },
  }
}
