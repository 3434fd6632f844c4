import type { Logger } from 'pino'
import { type Api, api } from '../../shared/api/index.ts'
import type { Authorities } from '../pki/index.ts'
import { type Guards, registerRoutes } from './register-routes.ts'
import type { Handlers } from './route-handlers.ts'
import { createTlsListener, defaultLimits, type Listener, type ListenerLimits } from './tls-server.ts'

/**
 * The listener that all work goes over: mutual TLS 1.3, certificates of the workstation and the session CA only.
 * Not listening yet. @throws Error naming the route that is not whole.
 */
export function createApiListener(deps: {
  authorities: Authorities
  handlers: Handlers<keyof Api>
  guards: Guards
  log: Logger
  limits?: Partial<ListenerLimits>
}): Listener {
  const { authorities, log } = deps
  const listener = createTlsListener({
    tls: () => ({
      key: authorities.server.keyPem,
      cert: authorities.server.certificatePem,
      ca: authorities.clientCas,
    }),
    clients: { requestCert: true, rejectUnauthorized: true },
    limits: { ...defaultLimits, ...deps.limits },
    log,
  })
  registerRoutes(listener.server, api, deps.handlers, deps.guards)
  return listener
}
