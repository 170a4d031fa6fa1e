import { Textarea } from '@mantine/core'
import { useLocalStorage } from '@mantine/hooks'
import { hiddenPassword } from '../../../shared/connection-formats.ts'
import {
  fillTemplate,
  maxTemplateLength,
  type TemplateValues,
} from '../../../shared/connection-template.ts'
import type { ConnectionView, DatabaseView } from '../../../shared/contract/databases.ts'
import { wordsOfError } from '../../lib/error-words.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { ConnectionText } from './ConnectionText.tsx'
import { copySecret } from './mutations.ts'
import type { Connection } from './use-connection.ts'
import classes from './ConnectionCard.module.css'

/** To begin with: every placeholder once, in a form many tools read. */
const firstTemplate =
  'host={host} port={port} user={user} password={password} dbname={database} sslmode={sslmode}'

/** How to connect, written as the user wants it; the template is kept for all databases. */
export function ConnectionTemplate(props: {
  database: DatabaseView
  view: ConnectionView
  connection: Connection
}) {
  const { database, view, connection } = props
  const [template, setTemplate] = useLocalStorage({
    key: 'quayside-connection-template',
    defaultValue: firstTemplate,
    getInitialValueInEffect: false,
    serialize: (text) => text,
    deserialize: (text) => text ?? firstTemplate,
  })
  const password = connection.password ?? hiddenPassword
  const filled = fill(template, { ...view, password, name: database.name })
  return (
    <div className={classes.template}>
      <Textarea
        label="Template"
        description="{host} {port} {user} {password} {database} {sslmode} {name}, for URLs as {password:url}; braces as {{ and }}"
        inputWrapperOrder={['label', 'description', 'input', 'error']}
        autosize
        minRows={1}
        maxRows={6}
        maxLength={maxTemplateLength}
        spellCheck={false}
        classNames={{ input: classes.templateInput ?? '' }}
        value={template}
        error={filled.error}
        onChange={(event) => {
          setTemplate(event.currentTarget.value)
        }}
      />
      {filled.text !== null && (
        <ConnectionText
          label="Template"
          text={filled.text}
          connection={connection}
          copy={<CopyButton copy={copySecret(database.id, { template })} label="Copy" />}
        />
      )}
    </div>
  )
}

/** The filled template, or why it can't be read; nothing where nothing is written. */
function fill(template: string, values: TemplateValues): { text: string | null; error?: string } {
  if (template === '') return { text: null }
  try {
    return { text: fillTemplate(template, values) }
  } catch (thrown) {
    return { text: null, error: wordsOfError(thrown).message }
  }
}
