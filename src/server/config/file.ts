import { readFile } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { withAbsolutePlaces } from './backup.ts'
import { withAbsoluteTls } from './incoming.ts'
import { withAbsoluteKeyFiles } from './master-key.ts'
import { withAbsoluteReplies } from './replies.ts'
import { GatewayConfig } from './schema.ts'
import { absoluteTls, withAbsoluteFiles } from './target-files.ts'

/** The configuration file is wrong; the message names the file, each key and what is wrong with it. */
export class ConfigError extends Error {
  constructor(file: string, problems: readonly string[]) {
    super(`${file}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/**
 * Reads and validates the gateway's configuration file (YAML 1.2). Relative paths become absolute below `dir`.
 * @throws ConfigError naming every unknown or wrong key.
 */
export async function readConfig(file: string, dir: string): Promise<GatewayConfig> {
  const document = parseDocument(await readFile(file, 'utf8'), { uniqueKeys: true })
  if (document.errors.length > 0) {
    throw new ConfigError(
      file,
      document.errors.map((error) => `line ${error.linePos?.[0].line ?? '?'}: ${error.code}`),
    )
  }
  const parsed = GatewayConfig.safeParse(document.toJS() ?? {})
  if (!parsed.success) throw new ConfigError(file, parsed.error.issues.map(problemOf))
  return absolute(parsed.data, dir)
}

/** `archive.path: …`; an unknown key is named itself, not only its parent. */
function problemOf(issue: { path: PropertyKey[]; message: string; code?: string; keys?: string[] }): string {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    return (issue.keys ?? []).map((key) => `${[...path, key].join('.')}: unknown key`).join('\n  ')
  }
  return `${path.join('.') || '(file)'}: ${issue.message}`
}

function absolute(config: GatewayConfig, dir: string): GatewayConfig {
  const at = (path: string) => (isAbsolute(path) ? path : resolve(dir, path))
  const { archive, audit, criticalTargets, identity, letterhead, orderFeeds, replies } = config
  const { shipping } = audit
  return {
    ...config,
    backup: withAbsolutePlaces(config.backup, at),
    criticalTargets: criticalTargets.map((target) => withAbsoluteFiles(target, at)),
    orderFeeds: orderFeeds.map((feed) => withAbsoluteTls(feed, at)),
    replies: withAbsoluteReplies(replies, at),
    audit: {
      ...audit,
      ...(shipping ? { shipping: { ...shipping, tls: absoluteTls(shipping.tls, at) } } : {}),
    },
    ...(config.startingDictionaryFile ? { startingDictionaryFile: at(config.startingDictionaryFile) } : {}),
    letterhead: {
      ...letterhead,
      ...(letterhead.logoFile ? { logoFile: at(letterhead.logoFile) } : {}),
    },
    identity: {
      ...identity,
      userCaFiles: identity.userCaFiles.map(at),
      crlFiles: identity.crlFiles.map(at),
    },
    masterKey: withAbsoluteKeyFiles(config.masterKey, at),
    archive:
      archive.kind === 'folder'
        ? { ...archive, path: at(archive.path) }
        : { ...archive, ...(archive.passwordFile ? { passwordFile: at(archive.passwordFile) } : {}) },
  }
}

/** The commented file that `vigil init` writes. Every key with its default; a test holds it to the schema. */
export const defaultConfigText = `# Vigil gateway. Every key may be left out; what stands here is its default.
# Relative paths are below this directory. An unknown key is an error.

# Shown on reports and screens.
hospital: ""

# The head and the foot of a printed report. The logo is a PNG of at most 200 kB.
letterhead:
  department: ""
  title: ""
  note: ""
#  logoFile: logo.png

listen:
  # 127.0.0.1 serves this machine only; 0.0.0.0 serves the network.
  host: 127.0.0.1
  # Mutual TLS 1.3: workstations and sessions.
  apiPort: 8443
  # Open only while a one-time enrolment code is outstanding.
  enrolmentPort: 8444

# Names and addresses that workstations reach this gateway by; put into the server certificate by 'vigil init'.
serverNames: [localhost, 127.0.0.1]

identity:
  # CAs whose user certificates (USB keys) may sign in. PEM.
  userCaFiles: []
  # Their revocation lists, PEM or DER. A missing or outdated list refuses sign-in while crlRequired is true.
  crlFiles: []
  crlRequired: true
  # Lists are fetched from here as well, at the start and then as often.
  crlUrls: []
  crlRefreshMinutes: 60
  # The OCSP responder; where it is left out, the one that a certificate names. Whether it is asked is policy.
  # ocspUrl: http://ocsp.example/
  ocspTimeoutSeconds: 4
  # How long a sign-in challenge is good for.
  challengeSeconds: 60

# What a new gateway's security policy begins with; from then on it is changed by the security officer, in the product,
# and this is not read again. Left out: the defaults, which meet the assessment.
startingPolicy: {}
#  signIn: { factors: certificate-and-password }
#  session: { lockAfterMinutes: 5 }

# The hospital's own critical-value dictionary (JSON), that a new gateway begins with in the place of the product's; from then on
# it is changed in the product, by two people, and this is not read again.
# startingDictionaryFile: dictionary.json

# Where studies come from. A folder of DICOM files:
archive:
  kind: folder
  path: studies
# or a PACS that speaks DICOMweb:
#  kind: dicomweb
#  url: http://pacs.example:8042/dicom-web
#  username: vigil
#  passwordFile: pacs-password     # mode 0600
#  timeoutSeconds: 30
#  memoryMiB: 2048                # pixels kept in memory; those of open studies are never pushed out

# The hospital's critical-value systems: hl7-mllp, soap, fhir, table or webhook, with all their keys in
# docs/operations/delivery.md. Without one, alerts wait in the outbox.
criticalTargets: []
#  - name: his
#    kind: hl7-mllp
#    host: 10.0.0.20
#    port: 2575
#    charset: utf-8                # or gb18030
#    sendingApplication: VIGIL
#    sendingFacility: RADIOLOGY
#    receivingApplication: CRITICAL
#    receivingFacility: HIS
#    ackTimeoutSeconds: 10
#    retrySeconds: 5
#    retryMaximumSeconds: 300

# Where orders and patient changes (HL7 v2 ORM, OMI, ADT over MLLP) come in; docs/operations/order-feed.md has all keys.
orderFeeds: []
#  - name: his-orders
#    host: 0.0.0.0
#    port: 2576
#    peers: [10.0.0.20]            # nobody else may connect; addresses and blocks (10.0.0.0/24)
#    charset: gb18030              # of messages that do not say; or utf-8
#    tls: { certificateFile: feed.pem, keyFile: feed.key, clientCaFile: his-ca.pem }

# Where the answers of clinicians come in: signed JSON over HTTP(S), HL7 v2 ORU^R01 over MLLP; or they are asked for,
# by 'poll' of a target. docs/operations/replies.md has all keys.
replies:
  http: []
#    - name: his-replies
#      host: 0.0.0.0
#      port: 8445
#      peers: [10.0.0.20]
#      secretFile: his-replies.secret     # mode 0600, at least 32 characters
#      tls: { certificateFile: replies.pem, keyFile: replies.key }
  mllp: []
#    - { name: his-replies-hl7, host: 0.0.0.0, port: 2577, peers: [10.0.0.20] }

# Where the master key comes from: master.key here, a hardware security module, or the environment.
masterKey:
  kind: file
#  kind: pkcs11
#  module: /usr/lib/softhsm/libsofthsm2.so
#  tokenLabel: vigil
#  keyLabel: vigil-master
#  pinFile: hsm-pin               # mode 0600
#  kind: environment
#  variable: VIGIL_MASTER_KEY

# Copies of the audit: to the hospital's log server (syslog over TLS, both sides by certificate) and in sealed files.
audit:
#  shipping:
#    host: log.example
#    port: 6514
#    tls: { caFile: log-ca.pem, certificateFile: log.pem, keyFile: log.key }
#    stalledAfterMinutes: 10
  checkpointRecords: 1000
  checkpointMinutes: 15
  keepMonths: 36                  # never less than 6

# What the gateway's clock is held against (SNTP), e.g. [time.example, 10.0.0.5:123].
clock:
  servers: []
  everyMinutes: 15
  mostOffsetMs: 1000

# When backups are made (cron), how long they are kept, and where copies go; docs/operations/backup.md has all keys.
backup:
  directory: backups
  full: "0 1 * * *"
  incremental: "0 */2 * * *"
  drill: "0 3 * * 0"
  keep: { days: 14, weeks: 8, months: 12 }
  leastFreeMiB: 1024
  offSite: []
#    - name: second-site
#      kind: sftp
#      host: backup.example
#      username: vigil
#      keyFile: backup.key        # mode 0600
#      hostKey: SHA256:...
#      directory: vigil

# The look at everything that is stored, whether it is still what was written.
scrub:
  schedule: "0 2 * * *"
  mostLoad: 0.25

log:
  level: info
`
