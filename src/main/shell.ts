import type { Failure } from '../shared/errors/index.ts'
import type { IpcEvent } from '../shared/ipc/index.ts'

/** What the operating system tells the workstation. */
export type SystemSignal = 'os-lock' | 'suspend' | 'resume' | 'quit'

/** An answer to a request below the renderer's own origin (the built renderer's files, and `pixels/…`). */
export interface ContentAnswer {
  status: number
  headers: Record<string, string>
  body: Uint8Array | ReadableStream<Uint8Array>
}

/** What the core gives a shell: everything the window may ask for. */
export interface WindowServices {
  /** Validates the arguments, runs the call, never throws. `channel` and `args` are what the window sent, unchecked. */
  invoke(
    channel: unknown,
    args: unknown,
  ): Promise<{ ok: true; value: unknown } | { ok: false; failure: Failure }>
  /** A GET below the renderer's origin, path without a leading slash. */
  content(path: string, signal: AbortSignal): Promise<ContentAnswer>
}

/** The window and the operating system around the workstation core; one implementation per shell. */
export interface Shell {
  readonly kind: 'electron' | 'chromium'
  /** Opens the window. */
  open(services: WindowServices): Promise<void>
  /**
   * Opens or closes the window for images on another screen: the same page and hardening, with the calls that looking at images
   * takes (images-window.ts). Resolves at once where it stands so already.
   */
  imagesWindow(open: boolean): Promise<void>
  imagesWindowIsOpen(): boolean
  /** Calls back when the window for images has been opened or closed, by whomever. */
  onImagesWindow(listener: (open: boolean) => void): void
  /** Sends an event to the window, where it is open, and what concerns it to the window for images. */
  send(event: IpcEvent): void
  /** Hides the windows' content at once, before anything else happens; `false` shows it again. */
  blank(blanked: boolean): Promise<void>
  /** Calls the user to the window, where it is not the one in use: in the task bar, without a word of what it is about. */
  attention(on: boolean): void
  /** Milliseconds since the user's last input anywhere, where the system tells; null where only the window knows. */
  idleMs(): number | null
  /**
   * Writes a file where the user says, readable by that user alone; the path, or null where it was called off. Once
   * `signal` is aborted nothing is written any more: a dialog may outlast the session that asked for it.
   */
  saveFile(fileName: string, content: Uint8Array, signal: AbortSignal): Promise<string | null>
  /** The window's page as its print style sheet shows it, as PDF. @throws where there is no window. */
  pdf(): Promise<Uint8Array>
  /** The same page to the system's print dialog; resolves once the dialog is over or was called off. @throws where there is no window. */
  print(): Promise<void>
  onSignal(listener: (signal: SystemSignal) => void): void
  close(): Promise<void>
}
