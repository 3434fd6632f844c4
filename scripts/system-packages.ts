import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Something the machine must have, and how to see whether it does. `files`: any one of them present means installed. */
interface SystemPart {
  what: string
  debian: string[]
  files: string[]
}

const bin = (name: string) => [`/usr/bin/${name}`, `/usr/sbin/${name}`, `/usr/local/bin/${name}`]
const lib = (name: string) =>
  ['x86_64-linux-gnu', 'aarch64-linux-gnu'].flatMap((arch) => [
    `/usr/lib/${arch}/${name}`,
    `/lib/${arch}/${name}`,
  ])

/** What the demo needs beyond Node. */
const forDemo: SystemPart[] = [
  {
    what: 'a Chromium browser (the window of the Chromium shell)',
    debian: ['chromium'],
    files: [
      ...bin('chromium'),
      ...bin('chromium-browser'),
      ...bin('google-chrome'),
      ...bin('microsoft-edge'),
    ],
  },
  {
    what: 'a font with Chinese characters',
    debian: ['fonts-noto-cjk'],
    files: [
      '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
      '/usr/share/fonts/truetype/wqy/wqy-microhei.ttc',
    ],
  },
  { what: 'libsecret (the OS credential vault)', debian: ['libsecret-1-0'], files: lib('libsecret-1.so.0') },
  {
    what: 'a secret service for machines without a desktop session',
    debian: ['gnome-keyring', 'dbus', 'dbus-daemon'],
    files: bin('gnome-keyring-daemon'),
  },
  { what: 'a D-Bus session launcher', debian: ['dbus-daemon'], files: bin('dbus-run-session') },
]

/** The real peers that the tests run against. */
const forTests: SystemPart[] = [
  ...forDemo,
  { what: 'SoftHSM2 (PKCS#11 token)', debian: ['softhsm2'], files: bin('softhsm2-util') },
  { what: 'OpenSC (writes certificates to tokens)', debian: ['opensc'], files: bin('pkcs11-tool') },
  { what: 'gcc (builds libraries that misbehave)', debian: ['gcc', 'libc6-dev'], files: bin('gcc') },
  { what: 'PC/SC daemon (card readers)', debian: ['pcscd'], files: bin('pcscd') },
  {
    what: 'vsmartcard (virtual card reader)',
    debian: ['vsmartcard-vpcd'],
    files: ['/usr/lib/pcsc/drivers/serial/libifdvpcd.so'],
  },
  {
    what: 'OpenSC (PKCS#11 for cards)',
    debian: ['opensc-pkcs11'],
    files: lib('opensc-pkcs11.so'),
  },
  { what: 'OpenSSL', debian: ['openssl'], files: bin('openssl') },
  { what: 'Orthanc (PACS)', debian: ['orthanc'], files: bin('Orthanc') },
  {
    what: 'Orthanc DICOMweb',
    debian: ['orthanc-dicomweb'],
    files: ['/usr/share/orthanc/plugins/libOrthancDicomWeb.so'],
  },
  { what: 'OpenJPEG (reference decoder)', debian: ['libopenjp2-tools'], files: bin('opj_decompress') },
  { what: 'DCMTK (reference decoder)', debian: ['dcmtk'], files: bin('dcmdump') },
  { what: 'GDCM (reference decoder of the screen tests)', debian: ['libgdcm-tools'], files: bin('gdcmraw') },
  { what: 'dicom3tools (checks DICOM objects)', debian: ['dicom3tools'], files: bin('dciodvfy') },
  {
    what: 'python3-hl7 (HL7 receiver)',
    debian: ['python3-hl7'],
    files: ['/usr/lib/python3/dist-packages/hl7/__init__.py'],
  },
  { what: 'poppler (reads PDFs as another program does)', debian: ['poppler-utils'], files: bin('pdffonts') },
  { what: 'nginx (proxy to compare with)', debian: ['nginx-light'], files: bin('nginx') },
  {
    what: 'PostgreSQL (the intermediate table of critical values)',
    debian: ['postgresql'],
    files: ['13', '14', '15', '16', '17', '18'].map((major) => `/usr/lib/postgresql/${major}/bin/initdb`),
  },
  {
    what: 'OpenStack Swift with its S3 API (off-site backups)',
    debian: ['swift-proxy', 'swift-account', 'swift-container', 'swift-object'],
    files: ['/usr/lib/python3/dist-packages/swift/common/middleware/s3api/s3api.py'],
  },
  { what: 'OpenSSH server (off-site backups by SFTP)', debian: ['openssh-server'], files: bin('sshd') },
  { what: 'xmllint (holds XML to its schema)', debian: ['libxml2-utils'], files: bin('xmllint') },
  {
    what: 'rsyslog (the log server of the audit)',
    debian: ['rsyslog'],
    files: bin('rsyslogd'),
  },
  { what: 'rsyslog over OpenSSL', debian: ['rsyslog-openssl'], files: lib('rsyslog/lmnsd_ossl.so') },
  { what: 'rsyslog over GnuTLS', debian: ['rsyslog-gnutls'], files: lib('rsyslog/lmnsd_gtls.so') },
  { what: 'chrony (a time server)', debian: ['chrony'], files: bin('chronyd') },
  { what: 'tcpdump (what goes over the wire)', debian: ['tcpdump'], files: bin('tcpdump') },
  { what: 'iproute2 (network namespaces)', debian: ['iproute2'], files: ['/sbin/ip', ...bin('ip')] },
]

const sets = { demo: forDemo, tests: forTests }

/**
 * Sees to it that the machine has what is needed: installs on Debian as root, otherwise tells exactly what to install.
 * @returns the parts still missing, each as a sentence; empty where all is there.
 */
export function ensureSystemPackages(set: keyof typeof sets): string[] {
  if (process.platform !== 'linux') return []
  const missing = () => sets[set].filter((part) => !part.files.some((file) => existsSync(file)))
  const before = missing()
  if (before.length === 0) return []
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const names = [...new Set(before.flatMap((part) => part.debian))]
    console.log(`Installing from Debian: ${names.join(' ')}`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    // A package's service must not start by itself on the machine of somebody who only tries the product.
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...names]]) {
      spawnSync('apt-get', ['-q', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    }
  }
  return missing().map(
    (part) => `${part.what} is missing; on Debian: apt-get install ${part.debian.join(' ')}`,
  )
}
