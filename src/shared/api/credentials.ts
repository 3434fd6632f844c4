import { z } from 'zod'
import { TotpEnrolment } from './administration.ts'
import type { Route } from './route.ts'

/** A password as it is typed; rules are policy, not here. */
export const Password = z.string().min(1).max(256)
/** RFC 6238, six digits. */
export const TotpCode = z.string().regex(/^\d{6}$/)

/** What a person sees of their own credentials. Times are epoch ms. */
export const OwnCredentials = z.object({
  password: z.object({ expiresAt: z.number(), warn: z.boolean() }).nullable(),
  totpEnrolledAt: z.number().nullable(),
  certificates: z.array(z.object({ subject: z.string(), notAfter: z.number() })),
  /** The sign-in before this one, for the person to recognise. */
  lastSignIn: z.object({ at: z.number(), workstation: z.string() }).nullable(),
  /** Refused attempts on this account since then. */
  failuresSince: z.int(),
})
export type OwnCredentials = z.infer<typeof OwnCredentials>

/** A signed-in person's own password and TOTP. */
export const credentialsApi = {
  ownCredentials: {
    method: 'GET',
    path: '/v1/account',
    principal: 'session',
    permission: 'session.own',
    response: OwnCredentials,
  },
  changePassword: {
    method: 'POST',
    path: '/v1/account/password',
    principal: 'session',
    permission: 'session.own',
    body: z.strictObject({ password: Password, newPassword: Password }),
    response: z.object({}),
  },
  /** A new secret, which counts once a code has confirmed it; the one before stays good until then. */
  beginTotp: {
    method: 'POST',
    path: '/v1/account/totp/begin',
    principal: 'session',
    permission: 'session.own',
    body: z.strictObject({ password: Password }),
    response: TotpEnrolment,
  },
  confirmTotp: {
    method: 'POST',
    path: '/v1/account/totp/confirm',
    principal: 'session',
    permission: 'session.own',
    body: z.strictObject({ code: TotpCode }),
    response: z.object({}),
  },
} as const satisfies Record<string, Route>
