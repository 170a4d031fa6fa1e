import { expect, it } from 'vitest'
import { destinationKindInfoSchema } from '../../../shared/contract/destinations.ts'
import { emptyDestination, faultsOf, formField, partsOf } from './destination-form.ts'

const field = (key: string, type: string, more: object = {}) => ({
  key,
  label: key,
  type,
  required: true,
  hint: null,
  example: null,
  default: null,
  multiline: false,
  options: [],
  ...more,
})
const kind = destinationKindInfoSchema.parse({
  id: 'any',
  label: 'Any',
  summary: 'Some place.',
  offSite: true,
  fields: [
    field('bucket', 'text'),
    field('region', 'text', { required: false, default: 'here' }),
    field('key', 'secret'),
  ],
})

it('begins with the defaults, parts secrets from the rest and leaves out what is empty', () => {
  const form = emptyDestination(kind)
  expect(form.values).toEqual({ bucket: '', region: 'here', key: '' })
  form.values = { bucket: ' shop ', region: '', key: 'k' }
  expect(partsOf(form, kind)).toEqual({ config: { bucket: 'shop' }, secrets: { key: 'k' } })
})

it('says what is missing; a secret that is kept may stay empty', () => {
  const form = emptyDestination(kind)
  expect(Object.keys(faultsOf(form, kind))).toEqual(['name', 'values.bucket', 'values.key'])
  form.name = 'off-site'
  form.values['bucket'] = 'shop'
  expect(faultsOf(form, kind, ['key'])).toEqual({})
})

it('finds the field that an error of the core belongs to', () => {
  expect(formField('config.bucket', kind.fields)).toBe('values.bucket')
  expect(formField('secrets.key', kind.fields)).toBe('values.key')
  expect(formField('name', kind.fields)).toBe('name')
  expect(formField('config.other', kind.fields)).toBeNull()
  expect(formField(undefined, kind.fields)).toBeNull()
})
