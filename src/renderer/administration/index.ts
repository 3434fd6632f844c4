export { CertificateField, useCertificateFacts } from './accounts/certificate-field.tsx'
export { nobody, type Person, PersonFields, personOf } from './accounts/person-fields.tsx'
export { administrationKey } from './frame/listing.ts'
