import { describe, expect, it } from 'vitest'
import { createHandlers, type HandlerParts } from '../../../src/main/window-calls/handlers.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import { ipc } from '../../../src/shared/ipc/index.ts'
import { recordingShell } from '../recording-shell.ts'

function lockedWorkstation() {
  const shell = recordingShell()
  const sessions = {
    active: () => {
      throw new VigilError('session-locked')
    },
  }
  return { shell, handlers: createHandlers({ shell, sessions } as unknown as HandlerParts) }
}

describe('workstation.attention', () => {
  it('reaches the task bar and is taken back, also while the workstation is locked', async () => {
    const { shell, handlers } = lockedWorkstation()
    await expect(handlers['workstation.attention']({ on: true })).resolves.toEqual({})
    await expect(handlers['workstation.attention']({ on: false })).resolves.toEqual({})
    expect(shell.order).toEqual(['attention', 'calm'])
  })

  it('is all that it answers then: the alerts themselves stay closed', async () => {
    const { handlers } = lockedWorkstation()
    await expect(handlers['alerts.list']({ show: 'all', limit: 100 })).rejects.toThrow('session-locked')
  })

  it('takes a yes or a no and nothing to show', () => {
    expect(ipc['workstation.attention'].args.safeParse({ on: 'yes' }).success).toBe(false)
    expect(ipc['workstation.attention'].args.parse({ on: true, text: '王建国' })).toEqual({ on: true })
  })
})
