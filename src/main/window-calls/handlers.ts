import { api, type Route, type SignInRules } from '../../shared/api/index.ts'
import { type IpcArgs, type RouteCall, routeCallInput, routeCalls } from '../../shared/ipc/index.ts'
import { checkAlert } from '../alerts/index.ts'
import { exportList, exportTable, saveAuditReport } from '../exports/index.ts'
import { printReport } from '../prints/index.ts'
import {
  discardDraft,
  openReport,
  prepareSignOff,
  rejectReport,
  releaseReview,
  signOff,
  submitReport,
} from '../reports/index.ts'
import type { Sessions, SignedIn, TokenFailures } from '../session/index.ts'
import type { Shell } from '../shell.ts'
import type { TokenDriver } from '../tokens/index.ts'
import type { CallHandlers } from './index.ts'

export interface HandlerParts {
  sessions: Sessions
  tokens: TokenDriver
  tokenFailures: TokenFailures
  shell: Pick<Shell, 'saveFile' | 'pdf' | 'print' | 'attention' | 'imagesWindow'>
  about: { version: string; shell: 'electron' | 'chromium'; demo: boolean }
  workstationName(): string
  /** What the gateway said last; null where it has not been reached. */
  signInRules(): Promise<SignInRules | null>
  enrol(ticket: string, name: string): Promise<void>
  /** A window that has just begun to listen gets what it missed. */
  greet(): void
}

/** Every call of the contract, joined to the part that answers it. Clinical calls need a session that is not locked. */
export function createHandlers(parts: HandlerParts): CallHandlers {
  const { sessions, tokens, tokenFailures } = parts
  const active = () => sessions.active()

  return {
    ...passedOn(active),
    'workstation.state': async () => {
      parts.greet()
      return sessions.state()
    },
    'workstation.about': async () => ({ ...parts.about, workstationName: parts.workstationName() }),
    'workstation.enrol': async ({ ticket, name }) => {
      await parts.enrol(ticket, name)
      return {}
    },
    'workstation.active': async () => {
      sessions.input()
      return {}
    },
    'workstation.lock': async () => {
      await sessions.lock('user')
      return {}
    },
    'workstation.images-window': async ({ open }) => {
      // Closing it is for anybody; what it shows is for who has the session.
      if (open) active()
      await parts.shell.imagesWindow(open)
      return {}
    },
    // Also while locked: it says nothing but that there is something.
    'workstation.attention': async ({ on }) => {
      parts.shell.attention(on)
      return {}
    },
    'workstation.sign-in-rules': () => parts.signInRules(),
    'tokens.list': async () => tokens.list(),
    'tokens.modules': async () => tokens.modules(),
    'tokens.change-pin': async (args) => {
      await tokenFailures.noted('change-pin', () => changePin(tokens, args))
      return {}
    },
    'session.sign-in': async (args) => {
      await tokenFailures.noted('sign-in', () => sessions.signIn(args))
      return {}
    },
    'session.sign-in-fallback': async (args) => {
      await sessions.signInFallback(args)
      return {}
    },
    'session.unlock': async (args) => {
      await tokenFailures.noted('unlock', () => sessions.unlock(args))
      return {}
    },
    'session.unlock-fallback': async (args) => {
      await sessions.unlockFallback(args)
      return {}
    },
    'session.sign-out': async () => {
      await sessions.signOut()
      return {}
    },
    // The warning that the password ends goes with the password.
    'account.change-password': async (body) => {
      const changed = await active().call(api.changePassword, { body })
      await sessions.refresh()
      return changed
    },

    'exam.done': async ({ accessionNumber }) =>
      active().call(api.examDone, { params: { accession: accessionNumber } }),
    'study.open': async ({ study }) => active().call(api.study, { params: { study } }),
    'series.metadata': async (params) => active().call(api.seriesMetadata, { params }),

    'report.open': async ({ study }) => openReport(active(), study),
    // Also while locked: what was typed in the last moment goes to the disk, and no further.
    'report.save-draft': async ({ study, text, amendment, keyImages }) =>
      sessions.drafts(study).save(study, text, amendment, keyImages),
    'report.discard-draft': async ({ study }) => discardDraft(active(), study),
    'report.submit': async (args) => submitReport(active(), args),
    'report.reject': async (args) => rejectReport(active(), args),
    'report.release-review': async ({ study }) => releaseReview(active(), study),
    'report.print': async (args) => printReport(active(), parts.shell, args),
    'report.prepare-sign-off': async (args) => prepareSignOff(active(), args),
    'report.sign-off': async (args) => tokenFailures.noted('sign-off', () => signOff(active(), tokens, args)),

    'alert.check': async (args) =>
      tokenFailures.noted('alert-check', () => checkAlert(active(), tokens, args)),
    'retrospect.export': async (args) => exportList(active(), parts.shell, args),
    'administration.export': async (args) => exportTable(active(), parts.shell, args),
    'audit.save-summary': async (args) => saveAuditReport(active(), parts.shell, args),
  }
}

type PassedOn = { [C in RouteCall]: CallHandlers[C] }

/** The calls that are one route each. */
function passedOn(active: () => SignedIn): PassedOn {
  const handlers = Object.entries(routeCalls).map(([channel, route]: [string, Route]) => {
    const handler = async (args?: Record<string, unknown>) => {
      const call = active().call as (route: Route, input: object) => Promise<unknown>
      return call(route, routeCallInput(route, args))
    }
    return [channel, handler]
  })
  return Object.fromEntries(handlers) as PassedOn
}

/** Both PINs' bytes are wiped whatever happens. */
async function changePin(tokens: TokenDriver, args: IpcArgs<'tokens.change-pin'>): Promise<void> {
  const pin = Buffer.from(args.pin, 'utf8')
  const newPin = Buffer.from(args.newPin, 'utf8')
  try {
    await tokens.changePin({ tokenId: args.tokenId, pin, newPin })
  } finally {
    pin.fill(0)
    newPin.fill(0)
  }
}
