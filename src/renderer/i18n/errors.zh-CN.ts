import type { ErrorCode } from '../../shared/errors/index.ts'

/** What each failure means to the person at the screen, and what to do. A missing code does not compile. */
export const errorsZh = {
  'bad-request': '提交的内容不符合要求，请检查后重试。',
  'not-found': '没有找到所请求的内容，可能已被移除。请刷新后再试。',
  'too-large': '内容超出允许的长度，请精简后重试。',
  conflict: '内容已被其他操作更改，请刷新后再试。',
  internal: '系统内部出错，操作未完成。请重试；若反复出现，请联系信息科。',
  'gateway-unreachable': '无法连接网关。请检查网线或网络；若其他工作站也无法连接，请联系信息科。',
  'gateway-untrusted': '网关身份核验未通过，连接已中止。请勿继续操作，立即联系信息科。',
  'gateway-protocol': '网关的应答无法识别，工作站与网关版本可能不一致。请联系信息科。',
  'client-certificate-required': '网关未收到本工作站的证书。请重新启动程序；仍不行请联系信息科。',
  'workstation-unknown': '网关不认识本工作站。请联系信息科重新登记。',
  'workstation-revoked': '本工作站的登记已被吊销，不能使用。请联系信息科。',
  'workstation-suspended': '本工作站已被安全保密员暂停使用。请联系信息科或安全保密员。',
  'workstation-not-enrolled': '本工作站尚未登记。请向信息科索取登记码。',
  'enrolment-code-invalid': '登记码无效、已使用或已过期。请向信息科索取新的登记码。',
  'enrolment-closed': '网关当前未开放登记。请联系信息科生成登记码后再试。',
  'clock-skewed': '本机时间与网关相差过大，无法登录。请校准本机时间，或联系信息科。',
  'permission-denied': '您的账号没有此项权限。如确有需要，请联系安全保密员。',
  'own-account': '不能对本人的账号执行此操作，请由另一位有权限的人员办理。',
  'last-officer': '这是该岗位最后一位可用的人员，不能停用或改派。请先授权另一位人员。',
  'certificate-bound': '此证书已绑定到其他账号，一个证书只能属于一个人。',
  'session-required': '您尚未登录或登录已失效，请重新登录。',
  'token-absent': '没有检测到 USB Key。请插好 USB Key 后重试。',
  'token-driver-failed': 'USB Key 驱动没有响应。请拔出后重新插入；仍不行请联系信息科检查驱动。',
  'token-certificate-unsuitable': '此证书不能用于登录或签名。请换用医院发放的证书。',
  'pin-wrong': 'PIN 不正确，请重新输入。连续输错会锁定 USB Key。',
  'pin-locked': 'USB Key 已锁定，不能再输入 PIN。请持证件到信息科解锁。',
  'token-changed': '操作期间 USB Key 已被拔出或更换。请插回原来的 USB Key 后重试。',
  'pin-unacceptable': '新 PIN 不符合 USB Key 的要求，请换一个长度合适的 PIN。',
  'pin-change-unsupported': '此证书文件的口令不能在这里更改，请由信息科重新导出证书文件。',
  'challenge-invalid': '登录验证已超时，请重新登录。',
  'signature-invalid': '签名验证未通过。请重试；若反复出现，请联系信息科检查 USB Key。',
  'certificate-untrusted': '证书不是本院认可的机构签发。请使用医院发放的 USB Key。',
  'certificate-expired': '证书已过期。请到信息科更新 USB Key 中的证书。',
  'certificate-not-yet-valid': '证书尚未生效。请核对本机时间；时间无误请联系信息科。',
  'certificate-revoked': '证书已被吊销，不能使用。如有疑问请联系信息科。',
  'certificate-unsuitable': '此证书的用途不允许登录或签名。请换用医院发放的证书。',
  'revocation-unknown': '网关暂时无法确认证书是否被吊销，出于安全不予放行。请稍后重试或联系信息科。',
  'account-unknown': '此证书没有对应的账号，请联系安全保密员。',
  'account-disabled': '您的账号已停用。请联系系统管理员。',
  'account-not-authorised': '您的账号还没有授予角色，暂不能登录。请联系安全保密员授权。',
  'binding-code-invalid': '绑定码不正确、已使用或已过期。请核对后重试，或向安全保密员索取新的绑定码。',
  'password-required': '您的账号还需要密码，请输入密码后登录。',
  'password-wrong': '密码不正确，请重新输入。',
  'password-not-set': '您的账号还没有密码，而医院要求登录时输入密码。请向安全保密员索取一次性密码。',
  'password-change-required': '密码需要更换后才能登录，请设置新密码。',
  'password-unacceptable': '新密码不符合要求，请换一个。',
  'credentials-wrong':
    '登录名、密码或动态码不正确，或此账号没有应急登录授权。请核对后重试，或联系安全保密员。',
  'totp-code-wrong': '动态码不正确。请输入验证器上当前显示的 6 位数字，并核对手机时间。',
  'locked-out': '输错次数过多，登录已暂停。请稍后再试，或联系安全保密员。',
  'session-elsewhere': '您的账号正在另一台工作站上使用。可以接管，或先到该工作站退出。',
  'session-cap': '同时登录的人数已达上限，暂不能登录。请稍后再试，急诊请联系安全保密员。',
  'other-account': '这是另一位人员的证书。请使用您本人的 USB Key。',
  'session-locked': '工作站已锁定，请先解锁。',
  'session-ended': '本次登录已结束，请重新登录。',
  'too-many-requests': '操作过于频繁，请稍候再试。',
  'study-not-found': '没有找到此检查的图像，可能尚未到达或已被移除。',
  'instance-broken': '图像文件已损坏，无法显示。其他图像不受影响。',
  'archive-unavailable': '影像归档（PACS）暂时不可用。已打开的内容不受影响，请稍后重试。',
  'report-locked-by-other': '另一位医师正在书写此报告，您只能查看。',
  'report-changed': '报告内容在别处已更改。请关闭后重新打开报告，核对后再继续。',
  'report-already-signed': '此报告已签发，不能再修改。',
  'report-empty': '报告内容为空，请填写后再签发。',
  'finding-undecided': '还有危急发现没有处理，请逐条选择发送或不报。',
  'dictionary-invalid': '危急值词典有误，暂时无法提示危急值。请联系信息科，并人工核对危急值。',
  'vault-unavailable': '无法使用系统凭据保险库，草稿不能加密保存在本机。请联系信息科。',
  'draft-unreadable': '本机保存的草稿无法读取，已显示网关上的版本。请核对内容。',
} satisfies Record<ErrorCode, string>

/** The same with facts, used where the failure carries every fact that the sentence names. */
export const errorDetailsZh = {
  'pin-wrong': 'PIN 不正确，还可再试 {{triesLeft}} 次。次数用尽 USB Key 将被锁定。',
  'session-elsewhere': '您的账号已于 {{since}} 在工作站 {{workstation}} 登录，至今未退出。',
  'clock-skewed': '本机时间与网关相差 {{skewSeconds}} 秒，无法登录。请校准本机时间，或联系信息科。',
  'certificate-expired': '证书已于 {{notAfter}} 过期。请到信息科更新 USB Key 中的证书。',
  'too-many-requests': '操作过于频繁，请 {{retryAfterSeconds}} 秒后再试。',
  'report-locked-by-other': '{{name}} 正在书写此报告，您只能查看。',
  'locked-out': '输错次数过多，登录已暂停，{{retryAt}} 后可再试。急用请联系安全保密员。',
  'pin-unacceptable': '新 PIN 应为 {{minLength}} 至 {{maxLength}} 位，请换一个。',
} satisfies Partial<Record<ErrorCode, string>>

/** Where the failure says how long to wait. */
export const errorWaitsZh = {
  'pin-wrong': 'PIN 不正确，请在 {{retryInSeconds}} 秒后再试。',
  'pin-locked': '输错次数过多，暂时锁定，请在 {{retryInSeconds}} 秒后再试。',
} satisfies Partial<Record<ErrorCode, string>>

/** Where one fact decides which sentence it is (`failureSentence` knows which). */
export const errorCasesZh = {
  'session-cap': {
    total: '全院同时登录的人数已达上限（{{limit}}），暂不能登录。请稍后再试，急诊请联系安全保密员。',
    period: '一段时间内的登录次数已达上限（{{limit}}），请过几分钟再试。急诊请联系安全保密员。',
    workstation: '本工作站同时登录的人数已达上限（{{limit}}）。请先退出或切换用户，再登录。',
    role: '{{role}}同时登录的人数已达上限（{{limit}}），暂不能登录。请稍后再试，急诊请联系安全保密员。',
  },
  'password-change-required': {
    expired: '您的密码已到期，请设置新密码后登录。',
    'must-change': '这是一次性密码或已被重置的密码，请设置您自己的新密码后登录。',
  },
  'password-unacceptable': {
    'too-short': '新密码太短，至少需要 {{minLength}} 个字符。',
    'too-few-classes': '新密码的字符种类太少：小写字母、大写字母、数字、符号中至少要有 {{minClasses}} 种。',
    weak: '新密码太常见或太有规律，容易被猜到，请换一个。',
    reused: '新密码与最近 {{history}} 次用过的密码相同，请换一个。',
    'contains-name': '新密码含有您的登录名、姓名或工号，请换一个。',
  },
  'password-not-set': {
    true: '您的账号还没有密码，而医院要求登录时输入密码。请在下方设置您的密码。',
    false: '您的一次性密码已失效。请向安全保密员索取新的一次性密码。',
  },
  'account-unknown': {
    true: '此证书还没有绑定账号。如安全保密员给过您绑定码，请在下方输入。',
    false: '此证书没有对应的账号。请联系安全保密员绑定证书。',
  },
} satisfies Partial<Record<ErrorCode, Record<string, string>>>
