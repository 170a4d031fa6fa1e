import type { Companion } from './companion.ts'

/** What lies beside a dump, with one role's name in the place of another's. */
export function renameOwner({ database, roles }: Companion, from: string, to: string): Companion {
  const named = (name: string): string => (name === from ? to : name)
  return {
    database: {
      ...database,
      owner: named(database.owner),
      grants: database.grants?.map((grant) => ({ ...grant, role: named(grant.role) })) ?? null,
    },
    roles: roles.map((role) => ({
      ...role,
      name: named(role.name),
      memberOf: role.memberOf.map((group) => ({ ...group, role: named(group.role) })),
    })),
  }
}
