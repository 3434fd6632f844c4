import { createPrivateKey, X509Certificate } from 'node:crypto'
import { Agent, request } from 'node:https'
import { isIP } from 'node:net'
import { type ConnectionOptions, connect } from 'node:tls'
import { EnrolmentTicket, EnrolResponse, enrolPath } from '../../shared/api/index.ts'
import { VigilError } from '../../shared/errors/index.ts'
import type { WorkstationIdentity } from '../vault/index.ts'
import { certificateRequest, newKey } from './csr.ts'
import { channelError, parseJson, refusalOf } from './failures.ts'
import { spkiPin } from './pin.ts'

/**
 * Enrols this workstation with the ticket that IT handed out. The gateway's CA is known by the ticket's pin alone: a
 * first connection fetches the chain and sends nothing, the code goes out only over a second one that OpenSSL has
 * verified against the pinned CA, host name included.
 * @throws VigilError bad-request (not a ticket), gateway-untrusted, enrolment-code-invalid, and those of the channel
 */
export async function enrol(ticketText: string, name: string): Promise<WorkstationIdentity> {
  const ticket = EnrolmentTicket.safeParse(ticketText)
  if (!ticket.success) throw new VigilError('bad-request', { field: 'ticket' })
  const { host: written, port, code, pin } = ticket.data
  const host = written.replace(/^\[|\]$/g, '')
  const gatewayCa = await pinnedCa({ host, port }, pin)
  const key = newKey()
  const csr = certificateRequest(key, name).toString('base64')
  const answer = await post({ host, port, ca: gatewayCa }, JSON.stringify({ code, csr, name }))
  const response = EnrolResponse.safeParse(parseJson(answer))
  if (!response.success) throw new VigilError('gateway-protocol', { reason: 'answer' })
  checkIssued(response.data, key, pin)
  const { workstationId, gatewayId, certificate, issuer, apiPort } = response.data
  return { workstationId, gatewayId, name, host, apiPort, key, certificate, issuer, gatewayCa }
}

/** The CA certificate (PEM) with the pinned key, from the chain that the gateway shows. */
function pinnedCa(address: { host: string; port: number }, pin: string): Promise<string> {
  return new Promise((resolve, reject) => {
    // Not authorised by any root on purpose: nothing is sent, and what is taken from here is checked by its hash.
    const socket = connect({ ...tls13(address), rejectUnauthorized: false })
    const fail = (error: unknown) => {
      socket.destroy()
      reject(channelError(error))
    }
    socket.setTimeout(10_000, () => fail(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })))
    socket.on('error', fail)
    socket.once('secureConnect', () => {
      const pinned = chainAbove(socket.getPeerX509Certificate()).find(
        (certificate) => certificate.ca && spkiPin(certificate) === pin,
      )
      socket.destroy()
      if (pinned) resolve(pinned.toString())
      else reject(new VigilError('gateway-untrusted', { reason: 'pin' }))
    })
  })
}

function chainAbove(leaf: X509Certificate | undefined): X509Certificate[] {
  const chain: X509Certificate[] = []
  for (let next = leaf; next && chain.length < 6; next = next.issuerCertificate) {
    if (chain.some((seen) => seen.fingerprint256 === next?.fingerprint256)) break
    chain.push(next)
  }
  return chain
}

function tls13({ host, port }: { host: string; port: number }): ConnectionOptions {
  const servername = isIP(host) ? {} : { servername: host }
  return { host, port, ...servername, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' }
}

function post(address: { host: string; port: number; ca: string }, body: string): Promise<string> {
  const { host, port, ca } = address
  const agent = new Agent({ ca, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', rejectUnauthorized: true })
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const outgoing = request({ host, port, agent, path: enrolPath, method: 'POST', headers, timeout: 20_000 })
    outgoing.once('timeout', () =>
      outgoing.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })),
    )
    outgoing.on('error', (error) => reject(channelError(error)))
    outgoing.once('response', async (answer) => {
      try {
        const chunks: Buffer[] = []
        for await (const chunk of answer) chunks.push(chunk as Buffer)
        const text = Buffer.concat(chunks).toString('utf8')
        if (answer.statusCode === 200 || answer.statusCode === 201) resolve(text)
        else reject(refusalOf(text))
      } catch (error) {
        reject(channelError(error))
      }
    })
    outgoing.end(body)
  })
}

/** The certificate must be for our key, and the API listener's CA the one that was pinned. */
function checkIssued(response: EnrolResponse, key: string, pin: string): void {
  try {
    const certificate = new X509Certificate(response.certificate)
    const ours = certificate.checkPrivateKey(createPrivateKey(key))
    if (ours && spkiPin(new X509Certificate(response.gatewayCa)) === pin) return
  } catch {
    throw new VigilError('gateway-protocol', { reason: 'certificate' })
  }
  throw new VigilError('gateway-untrusted', { reason: 'certificate' })
}
