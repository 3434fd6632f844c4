/** One message of RFC 5424. */
export interface SyslogMessage {
  /** RFC 5424 6.2.1: 4 warning, 5 notice. */
  severity: 4 | 5
  /** Epoch ms. */
  at: number
  hostName: string
  processId: number
  messageId: string
  /** SD-PARAMs of our one SD-ELEMENT. */
  data: Readonly<Record<string, string>>
  text: string
}

/** Security/authorization messages (IHE ITI TF-2 3.20: facility 10). */
const facility = 10
/** 32473 is the number that RFC 5612 keeps for who has none of their own. */
const elementId = 'vigil@32473'
/** RFC 5424 6.4: what is in UTF-8 begins so. */
const byteOrderMark = '\ufeff'

/** The message as a frame of RFC 5425 4.3: its length in octets, a space, the message. */
export function syslogFrame(message: SyslogMessage): Buffer {
  const { severity, at, hostName, processId, messageId, data, text } = message
  const parameters = Object.entries(data)
    .map(([name, value]) => ` ${name}="${value.replace(/["\\\]]/g, '\\$&')}"`)
    .join('')
  const header = [
    `<${facility * 8 + severity}>1`,
    new Date(at).toISOString(),
    printable(hostName, 255),
    'vigil',
    String(processId),
    printable(messageId, 32),
    `[${elementId}${parameters}]`,
  ].join(' ')
  const body = Buffer.from(`${header} ${byteOrderMark}${text}`, 'utf8')
  return Buffer.concat([Buffer.from(`${body.length} `, 'ascii'), body])
}

/** PRINTUSASCII of RFC 5424; its NILVALUE where nothing is left. */
function printable(text: string, most: number): string {
  return text.replace(/[^\x21-\x7e]/g, '').slice(0, most) || '-'
}
