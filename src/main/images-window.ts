import { VigilError } from '../shared/errors/index.ts'
import type { IpcChannel, IpcEvent } from '../shared/ipc/index.ts'
import type { Shell, WindowServices } from './shell.ts'

/** What the page of the window for images is asked for with; the rest of the address is the first window's. */
export const imagesWindowQuery = '?window=images'

/**
 * The calls that looking at images takes. The window on the other screen can write no report, sign nothing and administer nothing,
 * whatever runs in its page.
 */
export const imagesWindowCalls: ReadonlySet<string> = new Set<IpcChannel>([
  'workstation.state',
  'workstation.about',
  'workstation.active',
  'workstation.lock',
  'workstation.images-window',
  'study.open',
  'study.priors',
  'series.metadata',
  'settings.read',
  'settings.save',
  'measurements.store',
])

/** What happens that the window for images needs to hear of. */
export const imagesWindowHears = (event: IpcEvent): boolean => event.kind === 'state'

/** The services as the window for images gets them. */
export function imagesWindowServices(services: WindowServices): WindowServices {
  return {
    content: services.content,
    invoke: async (channel, args) =>
      typeof channel === 'string' && imagesWindowCalls.has(channel)
        ? services.invoke(channel, args)
        : { ok: false, failure: new VigilError('permission-denied').toFailure() },
  }
}

/** The shell, whose window for images closes with the session. */
export function closingImagesWindow(shell: Shell, onFailure: (error: unknown) => void): Shell {
  return {
    ...shell,
    send(event) {
      shell.send(event)
      const over = event.kind === 'state' && !('session' in event.state)
      if (over) shell.imagesWindow(false).catch(onFailure)
    },
  }
}
