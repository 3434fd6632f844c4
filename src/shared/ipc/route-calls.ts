import { z } from 'zod'
import {
  api,
  type Route,
  type RouteBody,
  type RouteParams,
  type RouteQuery,
  type RouteResponse,
} from '../api/index.ts'

/**
 * Calls of the window that are one route of the gateway each: the arguments are the route's parameters, query and body
 * together, the result is its answer. Main passes them on and adds nothing.
 */
export const routeCalls = {
  'account.own': api.ownCredentials,
  'account.change-password': api.changePassword,
  'account.begin-totp': api.beginTotp,
  'account.confirm-totp': api.confirmTotp,
  'administration.accounts': api.accounts,
  'administration.create-account': api.createAccount,
  'administration.edit-account': api.editAccount,
  'administration.disable-account': api.disableAccount,
  'administration.enable-account': api.enableAccount,
  'administration.authorise-account': api.authoriseAccount,
  'administration.bind-certificate': api.bindCertificate,
  'administration.revoke-certificate': api.revokeCertificate,
  'administration.create-binding-code': api.createBindingCode,
  'administration.reset-password': api.resetPassword,
  'administration.clear-lockout': api.clearLockout,
  'administration.grant-fallback': api.grantFallback,
  'administration.end-fallback': api.endFallback,
  'administration.fallback-grants': api.fallbackGrants,
  'administration.certificates': api.certificates,
  'administration.workstations': api.workstations,
  'administration.create-enrolment-ticket': api.createEnrolmentTicket,
  'administration.suspend-workstation': api.suspendWorkstation,
  'administration.resume-workstation': api.resumeWorkstation,
  'administration.revoke-workstation': api.revokeWorkstation,
  'administration.sessions': api.sessions,
  'administration.end-session': api.endSession,
  'administration.sign-in-failures': api.signInFailures,
  'administration.policy': api.securityPolicy,
  'administration.change-policy': api.changePolicy,
  'administration.policy-history': api.policyHistory,
  'administration.audit': api.auditTail,
  'bootstrap.state': api.bootstrap,
  'bootstrap.create-officer': api.createOfficer,
} as const satisfies Record<string, Route>

type RouteCalls = typeof routeCalls
export type RouteCall = keyof RouteCalls

type Part<T> = T extends undefined ? unknown : T
/** What the window gives for a route. */
export type RouteCallArgs<R extends Route> = [RouteParams<R>, RouteQuery<R>, RouteBody<R>] extends [
  undefined,
  undefined,
  undefined,
]
  ? undefined
  : Part<RouteParams<R>> & Part<RouteQuery<R>> & Part<RouteBody<R>>

/** The channels of `routeCalls`, with the schemas that main checks. */
export const routeCallChannels = Object.fromEntries(
  Object.entries(routeCalls).map(([channel, route]: [string, Route]) => {
    const parts = [route.params, route.query, route.body].filter((part) => part !== undefined)
    const [first, ...rest] = parts
    const args = first
      ? rest.reduce<z.ZodType>((all, part) => z.intersection(all, part), first)
      : z.undefined()
    return [channel, { args, result: route.response }]
  }),
) as unknown as {
  [C in RouteCall]: {
    args: z.ZodType<RouteCallArgs<RouteCalls[C]>>
    result: z.ZodType<RouteResponse<RouteCalls[C]>>
  }
}
