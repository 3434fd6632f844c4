import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { XMLParser } from 'fast-xml-parser'
import iconv from 'iconv-lite'
import { afterEach, describe, expect, it } from 'vitest'
import { answering, type HttpAnswerer, startHttpPeer } from '../http-peer.ts'
import { aMessage, hostileText, never } from '../messages.ts'
import { anAdapter, filesWith } from '../open-target.ts'

const assets = fileURLToPath(new URL('../../../../../assets/interfaces/soap/', import.meta.url))
const xmllint = spawnSync('xmllint', ['--version']).status === 0
if (!xmllint) console.log('XSD of SOAP bodies not tested: no xmllint (libxml2-utils)')

const kinds = ['notice', 'cancel', 'escalation', 'reroute'] as const
const defaults = () =>
  Object.fromEntries(
    [...kinds, 'replies'].map((name) => [`${name}.xml`, readFileSync(`${assets}${name}.xml`, 'utf8')]),
  )
const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function soap(respond: HttpAnswerer, more: object = {}, templates: Record<string, string> = {}) {
  const peer = await startHttpPeer(respond)
  const files = await filesWith({ ...defaults(), password: 'pass&word\n', ...templates })
  cleanups.push(peer.stop, files.remove)
  const call = (name: string) => ({ template: files.at(`${name}.xml`), action: `urn:vigil:${name}` })
  const adapter = anAdapter({
    kind: 'soap',
    url: `${peer.url}/services/critical`,
    timeoutSeconds: 5,
    calls: Object.fromEntries(kinds.map((name) => [name, call(name)])),
    ...more,
    ...('poll' in more ? { poll: { call: call('replies'), ...(more.poll as object) } } : {}),
    ...('auth' in more ? { auth: { ...(more.auth as object), passwordFile: files.at('password') } } : {}),
  })
  cleanups.push(adapter.close)
  return { peer, adapter, files }
}

const response = (inner: string) =>
  `<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${inner}</s:Body></s:Envelope>`
const result = (code: string, text = '') =>
  response(
    `<v:CriticalValueResponse xmlns:v="urn:vigil:critical-value:1"><v:resultCode>${code}</v:resultCode><v:resultText>${text}</v:resultText></v:CriticalValueResponse>`,
  )
const xml = (body: string, status = 200) => answering(status, body, 'text/xml')

describe('soap', () => {
  it.each(kinds)('a %s by its default template', async (kind) => {
    const { peer, adapter, files } = await soap(xml(result('0')), { codes: { level: { yellow: '3' } } })
    const message = aMessage(kind, hostileText)
    expect(await adapter.send(message, never)).toMatchObject({
      verdict: { outcome: 'delivered' },
      silent: false,
    })
    const [{ headers, body, url, method }] = peer.seen as [(typeof peer.seen)[0]]
    expect([method, url, headers['content-type'], headers.soapaction]).toEqual([
      'POST',
      '/services/critical',
      'text/xml; charset=utf-8',
      `"urn:vigil:${kind}"`,
    ])
    const { Envelope } = new XMLParser({ removeNSPrefix: true, parseTagValue: false }).parse(body.toString())
    const [[root, said]] = Object.entries(Envelope.Body) as [[string, Record<string, Record<string, string>>]]
    expect(root).toBe(`CriticalValue${kind[0]?.toUpperCase()}${kind.slice(1)}`)
    expect(said.alert).toMatchObject({ id: message.alert.id, level: '3' })
    expect(said.patient?.name).toContain('𠮷😀')
    if (!xmllint) return
    const inner = /<soap:Body>([\s\S]*)<\/soap:Body>/.exec(body.toString())?.[1] ?? ''
    const verdict = async (text: string) => {
      const file = files.at('body.xml')
      await writeFile(file, text.trim())
      return spawnSync('xmllint', [
        '--noout',
        '--schema',
        `${assets}critical-value.xsd`,
        file,
      ]).stderr.toString()
    }
    expect(await verdict(inner)).toContain('body.xml validates')
    // The schema does look: at what is missing, what is too long, and what it does not know.
    for (const broken of [
      inner.replace(/<id>[^<]*<\/id>/, ''),
      inner.replace(/<id>([^<]*)<\/id>/, '<id>$1-LONGER-THAN-SIXTEEN</id>'),
      inner.replace('</id>', '</id><colour>red</colour>'),
      inner.replaceAll(root, 'CriticalValueOther'),
    ])
      expect(await verdict(broken)).toContain('fails to validate')
  })

  it('speaks 1.2, in GB18030, with a password that shows nowhere', async () => {
    const { peer, adapter } = await soap(xml(result('0')), {
      version: '1.2',
      charset: 'gb18030',
      auth: { kind: 'basic', username: 'vigil' },
    })
    const attempt = await adapter.send(aMessage('notice', '𠮷野家 龘 危急'), never)
    const [{ headers, body }] = peer.seen as [(typeof peer.seen)[0]]
    expect(headers['content-type']).toBe('application/soap+xml; charset=gb18030; action="urn:vigil:notice"')
    expect(headers.authorization).toBe(`Basic ${Buffer.from('vigil:pass&word').toString('base64')}`)
    const text = iconv.decode(body, 'gb18030')
    expect(text).toContain('encoding="gb18030"')
    expect(text).toContain('http://www.w3.org/2003/05/soap-envelope')
    expect(text).toContain('<content>𠮷野家 龘 危急</content>')
    expect(attempt.exchange.request).toContain('𠮷野家 龘 危急')
    expect(attempt.exchange.request).toContain('authorization: ***')
    expect(JSON.stringify(attempt)).not.toMatch(/pass&word|dmlnaWw6/)
  })

  const fault = (code: string) =>
    response(`<s:Fault><faultcode>s:${code}</faultcode><faultstring>张伟 坏了</faultstring></s:Fault>`)
  it.each([
    ['success', xml(result('0')), { outcome: 'delivered' }],
    ['a code that passes', xml(result('7', '忙')), { outcome: 'retry', error: 'result:7' }],
    ['a code that does not', xml(result('99', '无此患者')), { outcome: 'refused', error: 'result:99' }],
    ['words for a code', xml(result('张伟 not found')), { outcome: 'retry', error: 'result:other' }],
    ['a fault', xml(fault('Server'), 500), { outcome: 'retry', error: 'fault:Server' }],
    ['a fault that does not pass', xml(fault('Client'), 500), { outcome: 'refused', error: 'fault:Client' }],
    ['success with a failing status', xml(result('0'), 500), { outcome: 'retry', error: 'result:0' }],
    [
      'another document',
      xml('<html><body>login</body></html>'),
      { outcome: 'retry', error: 'result-missing' },
    ],
    ['a result with elements inside', xml(result('<a>0</a>')), { outcome: 'retry', error: 'result-missing' }],
    ['no XML', answering(200, '{"ok":true}'), { outcome: 'retry', error: 'answer-unreadable' }],
    ['nothing', answering(200), { outcome: 'retry', error: 'answer-unreadable' }],
    ['half', xml('<s:Envelope><s:Body>'), { outcome: 'retry', error: 'answer-unreadable' }],
    ['not found', xml('x', 404), { outcome: 'refused', error: 'http:404' }],
    ['a proxy', xml('x', 503), { outcome: 'retry', error: 'http:503' }],
  ])('judges %s', async (_, respond, verdict) => {
    const { adapter } = await soap(respond, { result: { refused: ['99', 'Client'] } })
    expect((await adapter.send(aMessage(), never)).verdict).toEqual(verdict)
  })

  it('reads a result that is a document in a text', async () => {
    const inner =
      '<Response><Header><ResultCode>AA</ResultCode><ResultContent>成功</ResultContent></Header></Response>'
    const escaped = response(`<r><return>${inner.replaceAll('<', '&lt;')}</return></r>`)
    const cdata = response(`<r><return><![CDATA[${inner}]]></return></r>`)
    for (const body of [escaped, cdata]) {
      const at = 'Envelope/Body/r/return/xml()/Response/Header'
      const { adapter } = await soap(xml(body), {
        result: { path: `${at}/ResultCode`, text: `${at}/ResultContent`, success: ['AA'] },
      })
      expect(await adapter.send(aMessage(), never)).toMatchObject({
        verdict: { outcome: 'delivered' },
        receiverText: '成功',
      })
    }
  })

  it.each([
    ['its content type', 'text/xml; charset=GBK', ''],
    ['its XML declaration', 'text/xml', '<?xml version="1.0" encoding="gb2312"?>'],
  ])('reads an answer in the character set of %s', async (_, type, declaration) => {
    const body = iconv.encode(declaration + result('7', '患者不存在').replace(/^<\?xml.*?\?>/, ''), 'gbk')
    const { adapter } = await soap((_seen, answer) => {
      answer.writeHead(200, { 'content-type': type }).end(body)
    })
    const attempt = await adapter.send(aMessage(), never)
    expect(attempt.receiverText).toBe('患者不存在')
    expect(attempt.exchange.response).toContain('患者不存在')
  })

  const lol = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`).join('')
  it.each([
    ['an external entity', `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${result('&e;')}`],
    ['an external entity in a text', result('0', `<![CDATA[<!DOCTYPE x SYSTEM "http://127.0.0.1:1/">]]>`)],
    ['a billion laughs', `<!DOCTYPE x [<!ENTITY l0 "lol">${lol}]>${result('&l9;')}`],
    ['depth', '<a>'.repeat(150_000)],
    ['depth that is closed', `${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`],
    ['prototype names', response('<__proto__><resultCode>0</resultCode></__proto__>')],
  ])('is not taken in by %s', async (_, body) => {
    const { adapter } = await soap(xml(body.replace('<?xml version="1.0"?>', '')))
    const begun = performance.now()
    const { verdict, exchange } = await adapter.send(aMessage(), never)
    expect(verdict).toMatchObject({ outcome: 'retry' })
    expect(performance.now() - begun).toBeLessThan(2000)
    expect(JSON.stringify(exchange)).not.toContain('root:')
  })

  it('asks for answers and maps their codes', async () => {
    const reply = (id: string, step: string) =>
      `<reply><id>${id}</id><alertId>A1</alertId><step>${step}</step><byId>n1</byId><byName>&#x8D75;护士 &amp; 钱</byName><role>2</role><readBack>Y</readBack><at>20261122080000</at></reply>`
    const list = `<CriticalValueRepliesResponse>${reply('1', '10')}${reply('2', '20')}${reply('3', '99')}</CriticalValueRepliesResponse>`
    const { peer, adapter } = await soap(xml(response(list)), {
      poll: {
        values: { step: { 10: 'received', 20: 'handled' }, role: { 2: 'nurse' }, readBack: { Y: true } },
      },
    })
    expect(await adapter.poll?.(['A1', 'A2'], never)).toMatchObject([
      {
        id: '1',
        alertId: 'A1',
        step: 'received',
        by: { id: 'n1', name: '赵护士 & 钱', role: 'nurse' },
        readBack: true,
        at: new Date(2026, 10, 22, 8).getTime(),
      },
      { id: '2', step: 'handled' },
      { id: '3', step: '99' },
    ])
    expect(peer.seen[0]?.body.toString()).toContain('<alertIds>A1,A2</alertIds>')
  })

  it('does not start with a template that is wrong or missing, naming file and line', async () => {
    await expect(soap(xml(''), {}, { 'cancel.xml': '<x>\n{{alert.nme}}</x>' })).rejects.toThrow(
      /cancel\.xml:2: unknown placeholder \{\{alert\.nme\}\}/,
    )
    const { files } = await soap(xml(''))
    expect(() =>
      anAdapter({ kind: 'soap', url: 'http://h', calls: { notice: { template: files.at('gone.xml') } } }),
    ).toThrow(/gone\.xml: missing/)
  })
})
