import { join } from 'node:path'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import { captureSkipReason, flowsOf, startCapture, tlsRecords } from './capture.ts'
import { readAndSign } from './clinical-flow.ts'
import { composeGateway } from './composed-gateway.ts'
import { params, patient, pixelRun, report } from './patient.ts'
import { dayOfSecondFactors } from './second-factors.ts'

const skip = captureSkipReason()

describe.skipIf(skip)(`a capture between workstation and gateway${skip ? ` (skipped: ${skip})` : ''}`, () => {
  it('of sign-in, reading, signing and an image is TLS 1.3 records and nothing readable', async () => {
    const gateway = await composeGateway()
    try {
      const file = join(gateway.dir, 'loopback.pcap')
      const port = gateway.apiPort()
      const capture = await startCapture(port, file)
      const { radiologist } = gateway.people
      const { channel } = await gateway.session(radiologist)
      const frame = await channel.call('frame', { params })
      expect(frame.bytes.includes(pixelRun)).toBe(true)
      await readAndSign(channel, radiologist)
      const { secrets } = await dayOfSecondFactors(gateway)
      // One that is refused on the way in is refused without a readable byte as well.
      await gateway
        .connect()
        .call('status')
        .catch(() => {})
      channel.close()
      await capture.stop()

      const flows = flowsOf(file).filter(({ bytes }) => bytes.length > 0)
      expect(flows.length).toBeGreaterThanOrEqual(6)
      const wire = Buffer.concat(flows.map(({ bytes }) => bytes))
      expect(wire.length).toBeGreaterThan(20_000)
      for (const secret of [
        ...Object.values(patient),
        ...Object.values(secrets),
        params.study,
        report.findings.slice(0, 5),
        report.impression,
        radiologist.displayName,
        radiologist.loginName,
        'HTTP/1.1',
        'patientName',
        'DICM',
      ])
        for (const charset of ['utf-8', 'utf-16le', 'gb18030'] as const)
          expect(wire.includes(iconv.encode(secret, charset)), `${secret} in ${charset}`).toBe(false)
      for (const bytes of [pixelRun, radiologist.signer.certificateDer.subarray(0, 64)])
        expect(wire.includes(bytes)).toBe(false)

      for (const { fromPort, bytes } of flows) {
        const records = tlsRecords(bytes)
        // In the clear: a hello each, and the change_cipher_spec of middlebox compatibility (RFC 8446 D.4).
        expect(records.filter(({ type }) => type === 22)).toHaveLength(1)
        expect(
          records.filter(({ type, body }) => type === 20 && body.length === 1).length,
        ).toBeLessThanOrEqual(1)
        // An alert in the clear would tell why a client was refused.
        expect(records.filter(({ type }) => type === 21)).toEqual([])
        if (fromPort !== port) continue
        // supported_versions of the ServerHello: TLS 1.3 (RFC 8446 4.2.1).
        expect(records[0]?.body.includes(Buffer.from('002b00020304', 'hex'))).toBe(true)
      }
    } finally {
      await gateway.remove()
    }
  })
})
