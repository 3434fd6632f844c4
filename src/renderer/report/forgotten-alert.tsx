import type { Amendment, KeyImage, ReportText } from '../../shared/report/index.ts'
import { SignOffDialog } from '../sign-off/sign-off-dialog.tsx'

interface ForgottenAlertProps {
  study: string
  /** As it is signed. */
  text: ReportText
  keyImages: readonly KeyImage[]
  amendment: Amendment
  onBack: () => void
}

/** 补报危急值: straight to the decisions, on the text as it is signed; no draft is begun. */
export function ForgottenAlert({ study, text, keyImages, amendment, onBack }: ForgottenAlertProps) {
  return (
    <SignOffDialog
      study={study}
      text={text}
      keyImages={keyImages}
      amendment={amendment}
      signedText={text}
      kept={null}
      onBack={onBack}
    />
  )
}
