import { execFileSync } from 'node:child_process'
import { constants, createPublicKey, privateDecrypt, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/**
 * A PIV card (NIST SP 800-73-4) with one key in slot 9A, as far as signing in with it needs, for vsmartcard's virtual
 * reader. Run as `node piv-card.ts KEY CERTIFICATE PIN PORT`; the lines `in` and `out` on its input put it into the
 * reader and pull it.
 */
/**
 * ISO 7816-3 8.2: T=0 and T=1, and the historical bytes of a card that OpenSC knows to have elliptic curves; TCK last.
 */
const answerToReset = (() => {
  const body = Buffer.concat([Buffer.from('888001', 'hex'), Buffer.from('Yubikey4')])
  const check = body.reduce((sum, octet) => sum ^ octet, 0)
  return Buffer.concat([Buffer.from([0x3b]), body, Buffer.from([check])])
})()

/** vpcd's protocol: two octets of length, then a control octet (0 off, 1 on, 2 reset, 4 ATR) or a command APDU. */
function serve(connection: Socket, card: ReturnType<typeof createPivCard>): void {
  let rest = Buffer.alloc(0)
  const send = (data: Buffer) => {
    const length = Buffer.alloc(2)
    length.writeUInt16BE(data.length)
    connection.write(Buffer.concat([length, data]))
  }
  connection.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 2 && rest.length >= 2 + rest.readUInt16BE(0)) {
      const message = rest.subarray(2, 2 + rest.readUInt16BE(0))
      rest = rest.subarray(2 + message.length)
      if (message.length > 1) send(card.answer(message))
      else if (message[0] === 4) send(answerToReset)
      else card.reset()
    }
  })
}

const done = Buffer.from('9000', 'hex')
const notFound = Buffer.from('6a82', 'hex')

/** Tag, length (X.690 8.1.3), value. */
function tlv(tag: string, ...parts: Buffer[]): Buffer {
  const value = Buffer.concat(parts)
  const length =
    value.length < 0x80
      ? [value.length]
      : value.length < 0x100
        ? [0x81, value.length]
        : [0x82, value.length >> 8, value.length & 0xff]
  return Buffer.concat([Buffer.from(tag, 'hex'), Buffer.from(length), value])
}

function createPivCard(keyFile: string, certFile: string, rightPin: string) {
  const certificate = new X509Certificate(readFileSync(certFile)).raw
  const rsa = createPublicKey(readFileSync(certFile)).asymmetricKeyType === 'rsa'
  const empty: Buffer = Buffer.alloc(0)
  const objects: Record<string, Buffer> = {
    // Card holder unique identifier: FASC-N, GUID, expiry.
    '5fc102': tlv(
      '53',
      tlv('30', Buffer.alloc(25, 0x5a)),
      tlv('34', Buffer.from('0123456789abcdef0123456789abcdef', 'hex')),
      tlv('35', Buffer.from('20991231')),
      tlv('3e'),
      tlv('fe'),
    ),
    '5fc105': tlv('53', tlv('70', certificate), tlv('71', Buffer.from([0])), tlv('fe')),
  }
  let pin = paddedPin(rightPin)
  let tries = 3
  let verified = false
  let chained: Buffer = empty
  let pending: Buffer = empty

  function verify(shown: Buffer): Buffer {
    if (tries === 0) return Buffer.from('6983', 'hex')
    verified = shown.equals(pin)
    tries = verified ? 3 : tries - 1
    return verified ? done : Buffer.from([0x63, 0xc0 | tries])
  }

  /** 00 87: signs what stands in 7C { 82 00, 81 <challenge> }; a card hashes nothing. */
  function authenticate(template: Buffer): Buffer {
    if (!verified) return Buffer.from('6982', 'hex')
    const input = template.subarray(template.length - (rsa ? 256 : 32))
    const signature = rsa
      ? privateDecrypt({ key: readFileSync(keyFile), padding: constants.RSA_NO_PADDING }, input)
      : execFileSync('openssl', ['pkeyutl', '-sign', '-inkey', keyFile], { input })
    return chunked(tlv('7c', tlv('82', signature)))
  }

  /** ISO 7816-4 5.3.4: what does not fit is fetched with GET RESPONSE. */
  function chunked(data: Buffer): Buffer {
    const [head, tail] = [data.subarray(0, 256), data.subarray(256)]
    pending = tail
    const more = Buffer.from([0x61, tail.length < 256 ? tail.length : 0])
    return Buffer.concat([head, tail.length > 0 ? more : done])
  }

  function answer(apdu: Buffer): Buffer {
    const [cla = 0, ins = 0, p1 = 0, p2 = 0, length = 0] = apdu
    const body = apdu.length > 5 ? apdu.subarray(5, 5 + length) : empty
    if (cla & 0x10) {
      chained = Buffer.concat([chained, body])
      return done
    }
    const data = Buffer.concat([chained, body])
    chained = empty
    if (ins === 0xc0) return chunked(pending)
    if (ins === 0xa4 && data.toString('hex').startsWith('a000000308')) {
      const application = tlv('4f', Buffer.from('000010000100', 'hex'))
      return chunked(tlv('61', application, tlv('79', tlv('4f', Buffer.from('a000000308', 'hex')))))
    }
    if (ins === 0xcb) {
      const found = objects[data.subarray(2).toString('hex')]
      return found ? chunked(found) : notFound
    }
    if (ins === 0x20 && p2 === 0x80) {
      if (data.length > 0) return verify(data)
      return verified ? done : Buffer.from([0x63, 0xc0 | tries])
    }
    if (ins === 0x24 && p2 === 0x80) {
      const checked = verify(data.subarray(0, 8))
      if (checked === done) pin = Buffer.from(data.subarray(8, 16))
      return checked
    }
    if (ins === 0x87 && p2 === 0x9a && p1 !== 0) return authenticate(data)
    if (ins === 0xfd) return Buffer.from('0403059000', 'hex') // its version
    return ins === 0xa4 ? notFound : Buffer.from('6d00', 'hex')
  }

  return {
    answer,
    reset() {
      verified = false
      chained = empty
      pending = empty
    },
  }
}

/** Eight octets, filled with FF (SP 800-73-4 part 2, 2.4.3). */
function paddedPin(pin: string): Buffer {
  return Buffer.concat([Buffer.from(pin), Buffer.alloc(8, 0xff)]).subarray(0, 8)
}

const [keyFile = '', certFile = '', pin = '', port = ''] = process.argv.slice(2)
const card = createPivCard(keyFile, certFile, pin)
let reader: Socket | null = null
for await (const line of createInterface({ input: process.stdin })) {
  reader?.destroy()
  if (line !== 'in') continue
  card.reset()
  reader = connect(Number(port), '127.0.0.1')
  reader.on('error', () => {})
  serve(reader, card)
}
reader?.destroy()
