import { z } from 'zod'
import { SecurityPolicy } from '../../shared/policy/index.ts'
import { AuditConfig, ClockConfig } from './audit.ts'
import { BackupConfig, ScrubConfig } from './backup.ts'
import { OrderFeedConfig } from './incoming.ts'
import { MasterKeyConfig } from './master-key.ts'
import { Replies } from './replies.ts'
import { CriticalTarget } from './targets.ts'

const port = z.int().min(0).max(65_535)

function namedOnce(list: readonly { name: string }[]): boolean {
  return new Set(list.map(({ name }) => name)).size === list.length
}

/** The gateway's configuration file, whole. An unknown key is an error. Relative paths are below the data directory. */
export const GatewayConfig = z.strictObject({
  hospital: z.string().max(60).default(''),
  /** What stands at the head and the foot of a printed report beside the hospital's name. */
  letterhead: z
    .strictObject({
      department: z.string().max(60).default(''),
      title: z.string().max(60).default(''),
      note: z.string().max(300).default(''),
      /** PNG of at most 200 kB. */
      logoFile: z.string().min(1).optional(),
    })
    .prefault({}),
  listen: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1'),
      apiPort: port.default(8443),
      enrolmentPort: port.default(8444),
    })
    .prefault({}),
  /** Names and addresses that the server certificate is made for, at `vigil init`. */
  serverNames: z.array(z.string().min(1)).min(1).default(['localhost', '127.0.0.1']),
  identity: z
    .strictObject({
      /** PEM files of the CAs whose user certificates may sign in. */
      userCaFiles: z.array(z.string()).default([]),
      /** PEM or DER revocation lists; each CA above needs a current one unless `crlRequired` is false. */
      crlFiles: z.array(z.string()).default([]),
      crlRequired: z.boolean().default(true),
      /** Where revocation lists are fetched from, beside the files; kept in the data directory. */
      crlUrls: z
        .array(z.url({ protocol: /^https?$/ }))
        .max(20)
        .default([]),
      crlRefreshMinutes: z.number().min(0.05).max(1440).default(60),
      /** Asked in the place of the responder that a certificate itself names. */
      ocspUrl: z.url({ protocol: /^https?$/ }).optional(),
      ocspTimeoutSeconds: z.number().min(0.2).max(30).default(4),
      challengeSeconds: z.number().min(5).max(300).default(60),
    })
    .prefault({}),
  /** What a new gateway begins with; from then on the policy is the security officer's, and this is not read again. */
  startingPolicy: SecurityPolicy.prefault({}),
  /**
   * JSON file (a CriticalDictionary) of the hospital's own list, that a new gateway publishes as its first dictionary in the place of
   * the product's; from then on the dictionary is changed in the window, and this is not read again.
   */
  startingDictionaryFile: z.string().min(1).optional(),
  archive: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('folder'), path: z.string().default('studies') }),
      z.strictObject({
        kind: z.literal('dicomweb'),
        /** Base URL, e.g. `http://pacs:8042/dicom-web`. */
        url: z.url(),
        username: z.string().optional(),
        /** File that holds the password, mode 0600. */
        passwordFile: z.string().optional(),
        timeoutSeconds: z.number().min(1).max(300).default(30),
        /** What the gateway keeps of pixels in memory. */
        memoryMiB: z.int().min(64).max(1_048_576).default(2048),
      }),
    ])
    .prefault({ kind: 'folder' }),
  /** Where alerts go. Empty means that they wait in the outbox. */
  criticalTargets: z
    .array(CriticalTarget)
    .max(8)
    .refine(
      (targets) => new Set(targets.map(({ name }) => name)).size === targets.length,
      'two targets of one name',
    )
    .default([]),
  /** Where orders and patient changes come in. */
  orderFeeds: z.array(OrderFeedConfig).max(8).refine(namedOnce, 'two feeds of one name').default([]),
  /** Where the answers of clinicians come in. Their names are those of feeds, each once. */
  replies: Replies.prefault({}),
  audit: AuditConfig.prefault({}),
  clock: ClockConfig.prefault({}),
  masterKey: MasterKeyConfig.prefault({ kind: 'file' }),
  backup: BackupConfig.prefault({}),
  scrub: ScrubConfig.prefault({}),
  log: z.strictObject({ level: z.enum(['error', 'warn', 'info', 'debug']).default('info') }).prefault({}),
})
export type GatewayConfig = z.infer<typeof GatewayConfig>
