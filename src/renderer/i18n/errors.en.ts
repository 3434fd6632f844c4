import type { ErrorCode } from '../../shared/errors/index.ts'
import type { errorCasesZh, errorDetailsZh, errorWaitsZh } from './errors.zh-CN.ts'

export const errorsEn = {
  'bad-request': 'What was sent is not valid. Check it and try again.',
  'not-found': 'Not found; it may have been removed. Refresh and try again.',
  'too-large': 'The content is too long. Shorten it and try again.',
  conflict: 'It has been changed by another action. Refresh and try again.',
  'audit-unavailable': 'The audit record cannot be written, so nothing was done. Contact IT at once.',
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
  'workstation-suspended':
    'This workstation has been suspended by the security officer. Contact IT or the security officer.',
  'workstation-not-enrolled': 'This workstation is not enrolled yet. Ask IT for an enrolment ticket.',
  'enrolment-code-invalid': 'The enrolment code is wrong, used or expired. Ask IT for a new one.',
  'enrolment-closed': 'The gateway is not open for enrolment. Ask IT to create a code, then try again.',
  'clock-skewed':
    'This machine’s clock differs too much from the gateway’s. Set the clock right, or contact IT.',
  'permission-denied': 'Your account does not have this permission. Ask the security officer if you need it.',
  'own-account': 'This cannot be done to your own account. Another authorised person must do it.',
  'last-officer':
    'This is the last usable person in that office and cannot be disabled or moved. Authorise another first.',
  'certificate-bound': 'This certificate is bound to another account; a certificate belongs to one person.',
  'session-required': 'You are not signed in, or no longer. Sign in again.',
  'token-absent': 'No USB key found. Insert it and try again.',
  'token-driver-failed':
    'The USB key’s driver does not respond. Remove and reinsert the key; if that fails, contact IT.',
  'token-certificate-unsuitable':
    'This certificate cannot be used for signing in or signing. Use the one issued by the hospital.',
  'pin-wrong': 'Wrong PIN. Enter it again; repeated mistakes lock the USB key.',
  'pin-locked': 'The USB key is locked. Take it to IT to be unlocked.',
  'token-changed': 'The USB key was removed or changed meanwhile. Insert the original key and try again.',
  'pin-unacceptable': 'The new PIN does not meet the USB key’s rules. Choose one of a suitable length.',
  'pin-change-unsupported':
    'The password of a certificate file cannot be changed here. Have IT export the file again.',
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
  'account-unknown': 'No account belongs to this certificate. Contact the security officer.',
  'account-disabled': 'Your account is disabled. Contact the system administrator.',
  'account-not-authorised':
    'Your account has no role yet, so it cannot sign in. Ask the security officer to authorise it.',
  'binding-code-invalid':
    'The binding code is wrong, used or expired. Check it, or ask the security officer for a new one.',
  'password-required': 'Your account needs a password as well. Enter it to sign in.',
  'password-wrong': 'Wrong password. Enter it again.',
  'password-not-set':
    'The hospital asks for a password, and your account has none. Ask the security officer for a one-time one.',
  'password-change-required': 'The password must be changed before you can sign in. Choose a new one.',
  'password-unacceptable': 'The new password does not meet the rules. Choose another.',
  'credentials-wrong':
    'Login name, password or code is wrong, or this account has no emergency grant. Check, or ask the security officer.',
  'totp-code-wrong':
    'Wrong code. Enter the six digits that the authenticator shows now, and check the phone’s clock.',
  'locked-out': 'Too many mistakes; sign-in is paused. Try again later, or ask the security officer.',
  'session-elsewhere': 'Your account is in use on another workstation. Take over, or sign out there first.',
  'session-cap':
    'The limit of concurrent sessions is reached. Try later; in an emergency, call the security officer.',
  'other-account': 'This is another person’s certificate. Use your own USB key.',
  'session-locked': 'The workstation is locked. Unlock it first.',
  'session-ended': 'This session has ended. Sign in again.',
  'too-many-requests': 'Too many requests. Wait a moment and try again.',
  'study-not-found': 'The images of this study were not found; they may not have arrived, or were removed.',
  'instance-broken': 'This image file is damaged and cannot be shown. Other images are not affected.',
  'archive-unavailable':
    'The archive (PACS) is not available. What is open is not affected; try again later.',
  'study-restricted':
    'This exam bears a sensitivity label above your clearance. If you must see it, break the glass and say why.',
  'store-refused': 'The archive (PACS) did not take it; it is not kept with the study.',
  'report-locked-by-other': 'Another radiologist is writing this report; you can only read it.',
  'report-changed': 'The report was changed elsewhere. Close and reopen it, compare, then continue.',
  'report-already-signed': 'This report is signed and cannot be changed.',
  'report-empty': 'The report is empty. Write it before signing.',
  'report-not-submitted': 'This report is not handed in, or no longer under review. Open it again.',
  'report-under-review':
    'The report is handed in and cannot be changed. Take it back first; once a reviewer has begun with it, talk to the reviewer.',
  'exam-claimed': 'Somebody else reports this exam.',
  'key-image-missing': 'A key image was not kept. Add it again.',
  'nothing-changed':
    'The text is as it was signed, and no alert is raised or withdrawn: there is nothing to sign.',
  'finding-undecided': 'Critical findings are still undecided. Choose alert or dismiss for each.',
  'amendment-required': 'The report is signed. Choose addendum or correction first, and give the reason.',
  'alert-already-raised':
    'An alert of this kind was already raised for this patient. Confirm that it is to be raised again.',
  'alert-undecided': 'Raised alerts have no ground in the new text. Withdraw or keep each of them.',
  'alert-check-required': 'At this hour you must check the alerts a second time and enter the PIN again.',
  'alert-not-open': 'This alert was withdrawn, or its loop is closed.',
  'alert-handled': 'The clinicians have handled this alert: it cannot be withdrawn.',
  'dictionary-untested': 'The draft has had no dry run since it was last changed.',
  'second-person-required': 'Somebody who did not take part must do this.',
  'message-unusable': 'The message cannot be taken in.',
  'target-unknown': 'There is no such target.',
  'dictionary-invalid': 'There is a mistake in the dictionary: correct it, then save or publish.',
  'vault-unavailable':
    'The system credential vault is not available; drafts cannot be kept encrypted here. Contact IT.',
  'draft-unreadable': 'The draft kept here cannot be read; the gateway’s version is shown. Check the text.',
} satisfies Record<ErrorCode, string>

export const errorDetailsEn = {
  'finding-undecided': '{{count}} critical findings are still undecided. Choose alert or dismiss for each.',
  'alert-undecided': '{{count}} raised alerts have no ground in the new text. Withdraw or keep each of them.',
  'message-unusable': 'The message cannot be taken in: {{where}}',
  'pin-wrong': 'Wrong PIN, {{triesLeft}} tries left. After that the USB key is locked.',
  'session-elsewhere':
    'Your account has been signed in on workstation {{workstation}} since {{since}} and is still there.',
  'clock-skewed':
    'This machine’s clock is {{skewSeconds}} s off the gateway’s. Set the clock right, or contact IT.',
  'certificate-expired': 'The certificate expired on {{notAfter}}. Have IT renew it.',
  'too-many-requests': 'Too many requests. Try again in {{retryAfterSeconds}} s.',
  'report-locked-by-other': '{{name}} is writing this report; you can only read it.',
  'locked-out':
    'Too many mistakes; sign-in is paused until {{retryAt}}. If urgent, call the security officer.',
  'pin-unacceptable': 'The new PIN must have {{minLength}} to {{maxLength}} characters. Choose another.',
} satisfies Record<keyof typeof errorDetailsZh, string>

export const errorWaitsEn = {
  'pin-wrong': 'Wrong PIN. Try again in {{retryInSeconds}} s.',
  'pin-locked': 'Too many wrong PINs. Try again in {{retryInSeconds}} s.',
} satisfies Record<keyof typeof errorWaitsZh, string>

export const errorCasesEn = {
  'session-cap': {
    total:
      'The hospital’s limit of concurrent sessions ({{limit}}) is reached. Try later; in an emergency, call the security officer.',
    period:
      'The limit of sign-ins in a period ({{limit}}) is reached. Try in a few minutes; in an emergency, call the security officer.',
    workstation:
      'This workstation’s limit of sessions ({{limit}}) is reached. Sign out or switch user first.',
    role: 'The limit of concurrent sessions for {{role}} ({{limit}}) is reached. Try later; in an emergency, call the security officer.',
  },
  'password-change-required': {
    expired: 'Your password has expired. Choose a new one to sign in.',
    'must-change': 'This is a one-time or reset password. Choose your own to sign in.',
  },
  'password-unacceptable': {
    'too-short': 'The new password is too short: at least {{minLength}} characters.',
    'too-few-classes':
      'The new password has too few kinds of characters: at least {{minClasses}} of lower case, upper case, digits and symbols.',
    weak: 'The new password is common or follows a pattern and is easily guessed. Choose another.',
    reused: 'The new password is one of your last {{history}}. Choose another.',
    'contains-name':
      'The new password holds your login name, your name or your staff number. Choose another.',
  },
  'password-not-set': {
    true: 'The hospital asks for a password, and your account has none yet. Choose yours below.',
    false: 'Your one-time password has ended. Ask the security officer for a new one.',
  },
  'account-unknown': {
    true: 'No account is bound to this certificate yet. If the security officer gave you a binding code, enter it below.',
    false: 'No account is bound to this certificate. Ask the security officer to bind it.',
  },
} satisfies { [C in keyof typeof errorCasesZh]: Record<keyof (typeof errorCasesZh)[C], string> }
