import { readFile } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { GatewayConfig } from './schema.ts'

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
  const { archive, identity } = config
  return {
    ...config,
    identity: {
      ...identity,
      userCaFiles: identity.userCaFiles.map(at),
      crlFiles: identity.crlFiles.map(at),
    },
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

# The hospital's critical-value system. Without one, alerts wait in the outbox.
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

log:
  level: info
`
