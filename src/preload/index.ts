import { contextBridge, ipcRenderer } from 'electron'
import { type Bridge, bridgeName, type IpcEvent, ipc } from '../shared/ipc/index.ts'

/** The two names that cross; src/main/electron/window-ipc.ts listens on them. */
const invokeChannel = 'vigil:invoke'
const eventChannel = 'vigil:event'

/** One named function per call of the contract. The window gets neither ipcRenderer nor an event object, only data. */
const calls = Object.fromEntries(
  Object.keys(ipc).map((channel) => [
    bridgeName(channel),
    (args: unknown) => ipcRenderer.invoke(invokeChannel, channel, args),
  ]),
)

const bridge = {
  ...calls,
  onEvent(listener: (event: IpcEvent) => void): () => void {
    const pass = (_: unknown, event: IpcEvent) => listener(event)
    ipcRenderer.on(eventChannel, pass)
    return () => {
      ipcRenderer.removeListener(eventChannel, pass)
    }
  },
} as Bridge

contextBridge.exposeInMainWorld('vigil', bridge)
