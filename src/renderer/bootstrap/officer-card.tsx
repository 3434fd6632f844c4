import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OfficerRole } from '../../shared/access/index.ts'
import { failureOf } from '../../shared/errors/index.ts'
import {
  administrationKey,
  CertificateField,
  nobody,
  type Person,
  PersonFields,
  personOf,
  useCertificateFacts,
  useOfficerSentence,
} from '../administration/index.ts'
import { unwrap, useBridge } from '../bridge/index.ts'

interface OfficerCardProps {
  role: OfficerRole
  /** Who it is, once there is one. */
  createdName: string | null
}

/** One of the three officers: what they do, and the form that makes them. */
export function OfficerCard({ role, createdName }: OfficerCardProps) {
  const { t } = useTranslation()
  return (
    <section className="bootstrap-card" aria-labelledby={`officer-${role}`} data-testid={`officer-${role}`}>
      <h2 id={`officer-${role}`}>{t(`roles.${role}`)}</h2>
      <p className="dialog-text">{t(`administration.bootstrap.does.${role}`)}</p>
      {createdName === null ? (
        <OfficerForm role={role} />
      ) : (
        <p className="state-ok" data-testid="officer-created">
          {t('administration.bootstrap.created', { name: createdName })}
        </p>
      )}
    </section>
  )
}

function OfficerForm({ role }: { role: OfficerRole }) {
  const { t } = useTranslation()
  const bridge = useBridge()
  const queries = useQueryClient()
  const { message } = App.useApp()
  const sentence = useOfficerSentence()
  const [typed, setTyped] = useState<Person>(nobody)
  const [certificate, setCertificate] = useState('')
  const facts = useCertificateFacts(certificate)
  const person = personOf(typed)
  const create = useMutation({
    mutationFn: async () => {
      if (person) await unwrap(bridge.bootstrapCreateOfficer({ ...person, role, certificate }))
    },
    onSuccess: () => void message.success(t('administration.bootstrap.done', { role: t(`roles.${role}`) })),
    onSettled: () => void queries.invalidateQueries({ queryKey: [administrationKey] }),
  })
  const ready = person !== null && facts !== null
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (ready && !create.isPending) create.mutate()
  }
  return (
    <form className="bootstrap-form" onSubmit={onSubmit} noValidate>
      <PersonFields value={typed} onChange={setTyped} />
      <CertificateField value={certificate} onChange={setCertificate} facts={facts} />
      {create.isError && (
        <p className="notice notice-bad dialog-failure" role="alert" data-testid="officer-failure">
          {sentence(failureOf(create.error))}
        </p>
      )}
      <Button
        type="primary"
        htmlType="submit"
        disabled={!ready}
        loading={create.isPending}
        data-testid="officer-create"
      >
        {t('administration.bootstrap.create', { role: t(`roles.${role}`) })}
      </Button>
    </form>
  )
}
