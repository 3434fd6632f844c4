import { api } from '../../shared/api/index.ts'
import type { Clock } from '../../shared/time/clock.ts'
import { openReport, prepareSignOff, signOff } from '../reports/index.ts'
import type { Sessions, TokenFailures } from '../session/index.ts'
import type { TokenDriver } from '../tokens/index.ts'
import type { CallHandlers } from './index.ts'

export interface HandlerParts {
  sessions: Sessions
  tokens: TokenDriver
  tokenFailures: TokenFailures
  clock: Clock
  about: { version: string; shell: 'electron' | 'chromium'; demo: boolean }
  workstationName(): string
  enrol(ticket: string, name: string): Promise<void>
  /** A window that has just begun to listen gets what it missed. */
  greet(): void
}

/** Every call of the contract, joined to the part that answers it. Clinical calls need a session that is not locked. */
export function createHandlers(parts: HandlerParts): CallHandlers {
  const { sessions, tokens, tokenFailures } = parts
  const active = () => sessions.active()

  return {
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
    'tokens.list': async () => tokens.list(),
    'session.sign-in': async (args) => {
      await tokenFailures.noted('sign-in', () => sessions.signIn(args))
      return {}
    },
    'session.unlock': async (args) => {
      await tokenFailures.noted('unlock', () => sessions.unlock(args))
      return {}
    },
    'session.sign-out': async () => {
      await sessions.signOut()
      return {}
    },

    'worklist.list': async (query) => active().call(api.worklist, { query }),
    'exam.done': async ({ accessionNumber }) =>
      active().call(api.examDone, { params: { accession: accessionNumber } }),
    'study.open': async ({ study }) => active().call(api.study, { params: { study } }),
    'series.metadata': async (params) => active().call(api.seriesMetadata, { params }),

    'report.open': async ({ study }) => openReport(active(), study),
    // Also while locked: what was typed in the last moment goes to the disk, and no further.
    'report.save-draft': async ({ study, text }) => sessions.drafts().save(study, text),
    'report.prepare-sign-off': async (args) => prepareSignOff(active(), args),
    'report.sign-off': async (args) => tokenFailures.noted('sign-off', () => signOff(active(), tokens, args)),

    'critical.dictionary': async () => active().call(api.dictionary),
    'alerts.list': async ({ study }) => {
      const query = { limit: 200, ...(study === undefined ? {} : { study }) }
      return (await active().call(api.alerts, { query })).alerts
    },

    'administration.accounts': async () => active().call(api.accounts),
    'administration.workstations': async () => active().call(api.workstations),
    'administration.sessions': async () => active().call(api.sessions),
    'administration.audit': async ({ before }) =>
      active().call(api.auditTail, { query: before === undefined ? {} : { before } }),
  }
}
