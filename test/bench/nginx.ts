import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHospitalCa } from '../../demo/hospital-ca.ts'
import { freePorts } from '../../demo/ports.ts'
import { x509 } from '../../src/server/pki/index.ts'
import { listening } from '../e2e/window.ts'
import { CannotRun } from './row.ts'

const binary = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/sbin/nginx'].find((path) => existsSync(path))

export interface Nginx {
  port: number
  stop(): Promise<void>
}

/** nginx in front of `upstream` as one would tune it for images: kept connections, a frame within its memory buffers. */
async function startNginx(options: {
  dir: string
  upstream: string
  listen: string
  locations: string
}): Promise<Nginx> {
  if (!binary) throw new CannotRun('nginx is not installed (apt-get install nginx-light)')
  const { dir, upstream, listen, locations } = options
  const [port] = (await freePorts(1)) as [number]
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((name) => `  ${name}_temp_path ${join(dir, name)};`)
    .join('\n')
  const configuration = join(dir, 'nginx.conf')
  await writeFile(
    configuration,
    `daemon off;
worker_processes auto;
pid ${join(dir, 'nginx.pid')};
error_log ${join(dir, 'error.log')} error;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nodelay on;
${temp}
  types { text/html html; text/javascript js; text/css css; application/wasm wasm; application/json json; }
  # Per worker. Orthanc gives each connection one of its 50 threads, idle ones too.
  upstream pacs { server ${new URL(upstream).host}; keepalive 8; }
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_buffer_size 16k;
  proxy_buffers 64 16k;
  proxy_busy_buffers_size 128k;
  proxy_max_temp_file_size 0;
  server {
    listen 127.0.0.1:${port} ${listen}
    keepalive_requests 1000000;
${locations}
  }
}
`,
  )
  const child = spawn(binary, ['-p', dir, '-e', join(dir, 'error.log'), '-c', configuration], {
    stdio: 'ignore',
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  await Promise.race([
    listening(port),
    ended.then(() => Promise.reject(new Error(`nginx ended; see ${dir}/error.log`))),
  ])
  return {
    port,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** What a client of `startMutualTlsNginx` presents and trusts, PEM. */
export interface TlsClient {
  ca: string
  cert: string
  key: string
}

/** TLS 1.3 with a client certificate required, to the PACS in the clear. */
export async function startMutualTlsNginx(upstream: string): Promise<Nginx & { client: TlsClient }> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-nginx-'))
  const ca = await createHospitalCa({ commonName: 'Bench CA', now: Date.now() })
  const server = await ca.issue({
    commonName: 'nginx',
    keyType: 'P-256',
    extensions: [
      new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ],
  })
  const client = await ca.issue({ commonName: 'client', keyType: 'P-256' })
  const file = (name: string) => join(dir, name)
  await writeFile(file('ca.pem'), ca.certificatePem)
  await writeFile(file('server.pem'), server.certificatePem)
  await writeFile(file('server.key'), server.privateKeyPem, { mode: 0o600 })
  const nginx = await startNginx({
    dir,
    upstream,
    listen: `ssl;
    ssl_protocols TLSv1.3;
    ssl_certificate ${file('server.pem')};
    ssl_certificate_key ${file('server.key')};
    ssl_client_certificate ${file('ca.pem')};
    ssl_verify_client on;`,
    locations: `
    location = /ready { return 204; }
    location / { proxy_pass http://pacs; }`,
  })
  return {
    port: nginx.port,
    client: { ca: ca.certificatePem, cert: client.certificatePem, key: client.privateKeyPem },
    async stop() {
      await nginx.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** A folder of files and the PACS at one plain-HTTP origin, without any security. */
export async function startPlainNginx(upstream: string, files: string): Promise<Nginx> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-nginx-'))
  const nginx = await startNginx({
    dir,
    upstream,
    listen: ';',
    // The viewer reads off the Content-Type how a frame is stored; Orthanc's raw frames do not say.
    locations: `
    root ${files};
    index index.html;
    location /dicom-web/ { proxy_pass http://pacs; }
    location /instances/ {
      proxy_pass http://pacs;
      proxy_hide_header Content-Type;
      add_header Content-Type "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1";
    }`,
  })
  return {
    port: nginx.port,
    async stop() {
      await nginx.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
