import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Contact } from '../../../shared/critical/rules.ts'
import type { Mistakes } from '../draft/mistakes.ts'
import { useRecipientChoices } from '../entries/entry-words.ts'
import { ChoiceField, TextField } from '../fields/field.tsx'
import { removed, replaced } from '../fields/put.ts'
import type { RulesPartProps } from './rules-page.tsx'

interface ContactsTableProps extends RulesPartProps {
  mistakes: Mistakes
  complaint: (field: string) => string | undefined
}

const perPage = 50
const mostContacts = 1000
const texts = ['department', 'code', 'name', 'phone'] as const
const longest = { department: 40, code: 32, name: 40, phone: 24 }

/** Who is reached at each hop, department by department; searched and in pages, because a hospital has many. */
export function ContactsTable({ rules, onChange, disabled, mistakes, complaint }: ContactsTableProps) {
  const { t } = useTranslation()
  const kinds = useRecipientChoices()
  const [search, setSearch] = useState('')
  const [page, setPage] = useState(0)
  const { contacts } = rules
  const word = search.trim().toLowerCase()
  const found = contacts
    .map((contact, index) => ({ contact, index }))
    .filter(({ contact }) => word === '' || texts.some((key) => contact[key].toLowerCase().includes(word)))
  const pages = Math.max(1, Math.ceil(found.length / perPage))
  const shown = Math.min(page, pages - 1)
  const set = (next: Contact[], mark: string | null) => onChange({ ...rules, contacts: next }, mark)
  const add = () => {
    set([...contacts, { kind: 'ward', department: '', code: '', name: '', phone: '' }], null)
    setSearch('')
    setPage(Math.floor(contacts.length / perPage))
  }
  return (
    <div className="contacts" data-testid="contacts">
      <div className="contacts-bar">
        <input
          type="search"
          className="field-input dict-input"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value)
            setPage(0)
          }}
          placeholder={t('dictionary.rules.searchContacts')}
          aria-label={t('dictionary.rules.searchContacts')}
        />
        <span className="quiet number">{t('worklist.count', { total: contacts.length })}</span>
        <span className="space" />
        {pages > 1 && (
          <>
            <Button size="small" disabled={shown === 0} onClick={() => setPage(shown - 1)}>
              ‹
            </Button>
            <span className="number">
              {shown + 1} / {pages}
            </span>
            <Button size="small" disabled={shown === pages - 1} onClick={() => setPage(shown + 1)}>
              ›
            </Button>
          </>
        )}
        {!disabled && (
          <Button
            size="small"
            onClick={add}
            disabled={contacts.length >= mostContacts}
            data-testid="add-contact"
          >
            {t('dictionary.rules.addContact')}
          </Button>
        )}
      </div>
      {found.length === 0 ? (
        <p className="quiet">
          {t(contacts.length === 0 ? 'dictionary.rules.noContacts' : 'administration.list.emptyFiltered')}
        </p>
      ) : (
        <div className="contact contact-head quiet" aria-hidden="true">
          <span>{t('dictionary.rules.contact.kind')}</span>
          {texts.map((key) => (
            <span key={key}>{t(`dictionary.rules.contact.${key}`)}</span>
          ))}
        </div>
      )}
      {found.slice(shown * perPage, (shown + 1) * perPage).map(({ contact, index }) => (
        <div key={index} className="contact" data-testid="contact">
          <ChoiceField
            bare
            label={t('dictionary.rules.contact.kind')}
            value={contact.kind}
            onChange={(kind) => set(replaced(contacts, index, { ...contact, kind }), null)}
            choices={kinds}
            complaint={complaint(`contacts.${index}`)}
            disabled={disabled}
          />
          {texts.map((key) => (
            <TextField
              key={key}
              bare
              label={t(`dictionary.rules.contact.${key}`)}
              value={contact[key]}
              onChange={(value) =>
                set(replaced(contacts, index, { ...contact, [key]: value }), `contacts.${index}.${key}`)
              }
              mistake={mistakes.get(`contacts.${index}.${key}`)}
              placeholder={key === 'department' ? t('dictionary.rules.everyDepartment') : ''}
              maxLength={longest[key]}
              disabled={disabled}
            />
          ))}
          {!disabled && (
            <button
              type="button"
              className="term-remove"
              onClick={() => set(removed(contacts, index), null)}
              aria-label={t('dictionary.rules.removeContact', { name: contact.name })}
            >
              ✕
            </button>
          )}
        </div>
      ))}
    </div>
  )
}
