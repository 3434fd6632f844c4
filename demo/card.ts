import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { people } from './people.ts'
import { places } from './places.ts'

/** What a prepared demo is: its ports, and the PIN of each person's key. */
export const DemoCard = z.strictObject({
  receiverPort: z.int(),
  /** Where the gateway takes the answers of clinicians. */
  repliesPort: z.int(),
  /** Where the gateway takes orders, HL7 over MLLP. */
  ordersPort: z.int(),
  pins: z.record(z.string(), z.string()),
  enrolled: z.boolean(),
})
export type DemoCard = z.infer<typeof DemoCard>

/** Null where the demo has not been prepared whole. */
export function readCard(): DemoCard | null {
  if (!existsSync(places.card)) return null
  const parsed = DemoCard.safeParse(JSON.parse(readFileSync(places.card, 'utf8')))
  return parsed.success ? parsed.data : null
}

export function writeCard(card: DemoCard): void {
  writeFileSync(places.card, `${JSON.stringify(card, null, 2)}\n`, { mode: 0o600 })
}

/** Who can sign in and how, for the terminal. */
export function describe(card: DemoCard): string {
  const rows = people.map(
    ({ login, name, duty }) =>
      `  ${name.padEnd(4, '　')}${login.padEnd(12)}PIN ${card.pins[login]}   ${duty}`,
  )
  return [
    'Sign in with any of these USB keys (PKCS#12 files under .vigil/usb; choose the key, type its PIN):',
    ...rows,
    `Orders and patient changes (HL7 v2 over MLLP) are taken on 127.0.0.1:${card.ordersPort}; see docs/operations/order-feed.md.`,
    'To pull a key out, move its folder away from .vigil/usb; the workstation locks.',
  ].join('\n')
}
