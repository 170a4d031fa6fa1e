import { expect, it } from 'vitest'
import { setClause } from './settings.ts'

it.each([
  ['TimeZone=Europe/Berlin', `SET "TimeZone" TO 'Europe/Berlin'`],
  ['search_path="$user", "Od""d, x", public', `SET "search_path" TO '$user', 'Od"d, x', 'public'`],
  ['search_path=', `SET "search_path" TO ''`],
  ['app.it="x=y', `SET "app"."it" TO '"x=y'`],
  [`a"; DROP=b'; --`, `SET "a""; DROP" TO 'b''; --'`],
])('%s', (setting, clause) => {
  expect(setClause(setting)).toBe(clause)
})
