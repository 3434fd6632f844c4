import type { CriticalTarget, SoapTarget } from './targets.ts'
import type { ClientTls } from './tls.ts'

/** The target with its files' paths absolute, by `at`. */
export function withAbsoluteFiles(target: CriticalTarget, at: (path: string) => string): CriticalTarget {
  const tls = target.tls && absoluteTls(target.tls, at)
  const common = tls ? { tls } : {}
  switch (target.kind) {
    case 'hl7-mllp':
      return { ...target, ...common }
    case 'webhook':
      return { ...target, ...common, secretFile: at(target.secretFile) }
    case 'fhir':
      return { ...target, ...common, ...(target.tokenFile ? { tokenFile: at(target.tokenFile) } : {}) }
    case 'table':
      return {
        ...target,
        ...common,
        ...(target.passwordFile ? { passwordFile: at(target.passwordFile) } : {}),
      }
    case 'soap':
      return { ...target, ...common, ...soapFiles(target, at) }
  }
}

function soapFiles({ auth, calls, poll }: SoapTarget, at: (path: string) => string): Partial<SoapTarget> {
  const call = <T extends { template: string }>(one: T): T => ({ ...one, template: at(one.template) })
  return {
    ...(auth?.kind === 'basic' ? { auth: { ...auth, passwordFile: at(auth.passwordFile) } } : {}),
    ...(auth?.kind === 'header' ? { auth: { ...auth, valueFile: at(auth.valueFile) } } : {}),
    calls: {
      notice: call(calls.notice),
      cancel: call(calls.cancel),
      escalation: call(calls.escalation),
      reroute: call(calls.reroute),
    },
    ...(poll ? { poll: { ...poll, call: call(poll.call) } } : {}),
  }
}

/** The same with the files' paths absolute. */
export function absoluteTls<T extends ClientTls>(tls: T, at: (path: string) => string): T {
  const { caFile, certificateFile, keyFile } = tls
  return {
    ...tls,
    ...(caFile ? { caFile: at(caFile) } : {}),
    ...(certificateFile ? { certificateFile: at(certificateFile) } : {}),
    ...(keyFile ? { keyFile: at(keyFile) } : {}),
  }
}
