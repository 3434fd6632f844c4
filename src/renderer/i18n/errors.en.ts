import type { ErrorCode } from '../../shared/errors/index.ts'
import type { errorDetailsZh, errorWaitsZh } from './errors.zh-CN.ts'

export const errorsEn = {
  'bad-request': 'What was sent is not valid. Check it and try again.',
  'not-found': 'Not found; it may have been removed. Refresh and try again.',
  'too-large': 'The content is too long. Shorten it and try again.',
  conflict: 'It has been changed by another action. Refresh and try again.',
  internal:
    'An internal error; the action was not completed. Try again, or contact IT if it keeps happening.',
  'gateway-unreachable':
    'The gateway cannot be reached. Check the network; if other workstations fail too, contact IT.',
  'gateway-untrusted':
    'The gateway could not prove its identity and the connection was cut. Do not continue; contact IT now.',
  'gateway-protocol': 'The gateway gave an answer that is not understood; versions may differ. Contact IT.',
  'client-certificate-required':
    'The gateway did not receive this workstation’s certificate. Restart the program, or contact IT.',
  'workstation-unknown': 'The gateway does not know this workstation. Ask IT to enrol it again.',
  'workstation-revoked': 'This workstation’s enrolment has been revoked. Contact IT.',
  'workstation-not-enrolled': 'This workstation is not enrolled yet. Ask IT for an enrolment ticket.',
  'enrolment-code-invalid': 'The enrolment code is wrong, used or expired. Ask IT for a new one.',
  'enrolment-closed': 'The gateway is not open for enrolment. Ask IT to create a code, then try again.',
  'clock-skewed':
    'This machine’s clock differs too much from the gateway’s. Set the clock right, or contact IT.',
  'permission-denied': 'Your account does not have this permission. Ask the security officer if you need it.',
  'session-required': 'You are not signed in, or no longer. Sign in again.',
  'token-absent': 'No USB key found. Insert it and try again.',
  'token-driver-failed':
    'The USB key’s driver does not respond. Remove and reinsert the key; if that fails, contact IT.',
  'token-certificate-unsuitable':
    'This certificate cannot be used for signing in or signing. Use the one issued by the hospital.',
  'pin-wrong': 'Wrong PIN. Enter it again; repeated mistakes lock the USB key.',
  'pin-locked': 'The USB key is locked. Take it to IT to be unlocked.',
  'token-changed': 'The USB key was removed or changed meanwhile. Insert the original key and try again.',
  'challenge-invalid': 'The sign-in took too long. Sign in again.',
  'signature-invalid':
    'The signature does not verify. Try again; if it keeps happening, have IT check the key.',
  'certificate-untrusted':
    'The certificate’s issuer is not trusted here. Use the USB key issued by the hospital.',
  'certificate-expired': 'The certificate has expired. Have IT renew it.',
  'certificate-not-yet-valid':
    'The certificate is not valid yet. Check this machine’s clock; if it is right, contact IT.',
  'certificate-revoked': 'The certificate has been revoked and cannot be used. Ask IT if in doubt.',
  'certificate-unsuitable':
    'This certificate’s key usage does not allow it. Use the one issued by the hospital.',
  'revocation-unknown':
    'The gateway cannot tell whether the certificate is revoked, so it was refused. Try later, or contact IT.',
  'account-unknown': 'No account belongs to this certificate. Ask the system administrator to bind it.',
  'account-disabled': 'Your account is disabled. Contact the system administrator.',
  'password-required': 'Your account needs a password as well. Enter it to sign in.',
  'password-wrong': 'Wrong password. Enter it again.',
  'session-elsewhere': 'Your account is in use on another workstation. Take over, or sign out there first.',
  'other-account': 'This is another person’s certificate. Use your own USB key.',
  'session-locked': 'The workstation is locked. Unlock it first.',
  'session-ended': 'This session has ended. Sign in again.',
  'too-many-requests': 'Too many requests. Wait a moment and try again.',
  'study-not-found': 'The images of this study were not found; they may not have arrived, or were removed.',
  'instance-broken': 'This image file is damaged and cannot be shown. Other images are not affected.',
  'archive-unavailable':
    'The archive (PACS) is not available. What is open is not affected; try again later.',
  'report-locked-by-other': 'Another radiologist is writing this report; you can only read it.',
  'report-changed': 'The report was changed elsewhere. Close and reopen it, compare, then continue.',
  'report-already-signed': 'This report is signed and cannot be changed.',
  'report-empty': 'The report is empty. Write it before signing.',
  'finding-undecided': 'Critical findings are still undecided. Choose alert or dismiss for each.',
  'dictionary-invalid':
    'The critical-value dictionary is faulty; no hints can be given. Contact IT and check by eye.',
  'vault-unavailable':
    'The system credential vault is not available; drafts cannot be kept encrypted here. Contact IT.',
  'draft-unreadable': 'The draft kept here cannot be read; the gateway’s version is shown. Check the text.',
} satisfies Record<ErrorCode, string>

export const errorDetailsEn = {
  'pin-wrong': 'Wrong PIN, {{triesLeft}} tries left. After that the USB key is locked.',
  'session-elsewhere':
    'Your account has been signed in on workstation {{workstation}} since {{since}} and is still there.',
  'clock-skewed':
    'This machine’s clock is {{skewSeconds}} s off the gateway’s. Set the clock right, or contact IT.',
  'certificate-expired': 'The certificate expired on {{notAfter}}. Have IT renew it.',
  'too-many-requests': 'Too many requests. Try again in {{retryAfterSeconds}} s.',
  'report-locked-by-other': '{{name}} is writing this report; you can only read it.',
} satisfies Record<keyof typeof errorDetailsZh, string>

export const errorWaitsEn = {
  'pin-wrong': 'Wrong PIN. Try again in {{retryInSeconds}} s.',
  'pin-locked': 'Too many wrong PINs. Try again in {{retryInSeconds}} s.',
} satisfies Record<keyof typeof errorWaitsZh, string>
