import { useTranslation } from 'react-i18next'
import { DisplayName, LoginName, StaffNumber } from '../../../shared/account/index.ts'
import { TextField } from '../frame/field.tsx'
import type { Person } from './person.ts'

interface PersonFieldsProps {
  value: Person
  onChange: (value: Person) => void
  /** A login name stays what it was made. */
  loginNameFixed?: boolean
}

/** Login name, real name and staff number, checked as they are typed by the contract's own schemas. */
export function PersonFields({ value, onChange, loginNameFixed = false }: PersonFieldsProps) {
  const { t } = useTranslation()
  const set = (change: Partial<Person>) => onChange({ ...value, ...change })
  const mistake = (
    schema: { safeParse: (text: string) => { success: boolean } },
    text: string,
    word: string,
  ) => (schema.safeParse(text).success ? undefined : word)
  return (
    <>
      <TextField
        label={t('administration.account.loginName')}
        value={value.loginName}
        onChange={(loginName) => set({ loginName })}
        hint={t('administration.account.loginNameHint')}
        mistake={mistake(LoginName, value.loginName, t('administration.account.loginNameWrong'))}
        disabled={loginNameFixed}
        maxLength={32}
        testId="login-name"
      />
      <TextField
        label={t('administration.account.displayName')}
        value={value.displayName}
        onChange={(displayName) => set({ displayName })}
        hint={t('administration.account.displayNameHint')}
        mistake={mistake(DisplayName, value.displayName, t('administration.account.displayNameWrong'))}
        maxLength={60}
        testId="display-name"
      />
      <TextField
        label={t('administration.account.staffNumber')}
        value={value.staffNumber}
        onChange={(staffNumber) => set({ staffNumber })}
        hint={t('administration.account.staffNumberHint')}
        mistake={
          value.staffNumber === ''
            ? undefined
            : mistake(StaffNumber, value.staffNumber, t('administration.account.staffNumberWrong'))
        }
        maxLength={20}
        testId="staff-number"
      />
    </>
  )
}
