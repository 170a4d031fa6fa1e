import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

// What may be done in one place only. A place that is allowed one of these drops it by name below.
const restricted = {
  window: {
    selector: 'NewExpression[callee.name=/^(BrowserWindow|BaseWindow|WebContentsView)$/]',
    message: 'Windows are made in electron/desktop/window.ts alone, with the safe settings.',
  },
  ipc: {
    selector:
      ":matches(ImportSpecifier[imported.name='ipcMain'], MemberExpression[object.name='ipcMain'])",
    message:
      'ipcMain is used in electron/ipc alone, where senders are checked and input is parsed.',
  },
  shell: {
    selector: "MemberExpression[object.name='shell']",
    message: 'Links and folders are opened by electron/desktop/external-links.ts alone.',
  },
  defaultExport: {
    selector: 'ExportDefaultDeclaration',
    message: 'No default exports: a thing has one name everywhere.',
  },
  html: {
    selector:
      ":matches(AssignmentExpression > MemberExpression.left[property.name=/^(inner|outer)HTML$/], JSXAttribute[name.name='dangerouslySetInnerHTML'], Property[key.name='dangerouslySetInnerHTML'], CallExpression[callee.property.name=/^(insertAdjacentHTML|executeJavaScript)$/], CallExpression[callee.object.name='document'][callee.property.name=/^write(ln)?$/])",
    message: 'No HTML or code from strings: text goes through React.',
  },
  zod: {
    selector:
      "ImportDeclaration[source.value='zod'] > :matches(ImportDefaultSpecifier, ImportSpecifier[imported.name='z'])",
    message: "Write `import * as z from 'zod'`: only that is shaken out of the window's bundle.",
  },
  literalSpread: {
    selector: 'ObjectExpression > SpreadElement > ObjectExpression.argument',
    message: 'Name the properties: a literal spread into a literal says nothing more.',
  },
  plainHttp: {
    selector: 'Literal[value=/^http:\\u002F\\u002F(?!localhost|127\\.0\\.0\\.1|\\[::1\\])/]',
    message: 'No unencrypted addresses.',
  },
}

const message =
  'Programs are started by hosts (electron/adapters/ssh, docker/run-program.ts), scripts and tests alone.'
const childProcess = ['child_process', 'node:child_process'].map((name) => ({ name, message }))

/** The restrictions in force, less those that a place is allowed. */
function without(...allowed) {
  const rest = Object.entries(restricted).filter(([name]) => !allowed.includes(name))
  return ['error', ...rest.map(([, rule]) => rule)]
}

export default defineConfig(
  globalIgnores(['out/', 'dist/', 'node_modules/', '.cache/', '.lab/', 'demo-out/', 'coverage/']),
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        // A React handler may be async: its errors are shown by the mutation it starts.
        { checksVoidReturn: { attributes: false } },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unnecessary-condition': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/only-throw-error': 'error',
      // What was caught is passed on as it is.
      '@typescript-eslint/prefer-promise-reject-errors': [
        'error',
        { allowThrowingUnknown: true, allowThrowingAny: true },
      ],
      // Methods here are closures of a factory: they have no `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // A port is asynchronous whether or not one implementation of it has to wait.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      eqeqeq: 'error',
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-console': 'error',
      'no-restricted-syntax': without(),
      'no-restricted-imports': ['error', { paths: childProcess }],
    },
  },
  {
    files: ['electron/desktop/window.ts'],
    rules: { 'no-restricted-syntax': without('window') },
  },
  { files: ['electron/ipc/**'], rules: { 'no-restricted-syntax': without('ipc') } },
  {
    files: ['electron/desktop/external-links.ts'],
    rules: { 'no-restricted-syntax': without('shell') },
  },
  {
    files: ['electron/adapters/ssh/**', 'electron/adapters/docker/run-program.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
  {
    files: ['test/**', 'scripts/**', '**/*.test.{ts,tsx}'],
    rules: {
      'no-console': 'off',
      'no-restricted-imports': 'off',
      // A test does on purpose what the app must not: it tries a second window, a script in a string.
      'no-restricted-syntax': without('window', 'ipc', 'shell', 'html', 'plainHttp'),
    },
  },
  {
    files: ['electron/cli/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // Tools read their configuration from a default export.
    files: ['*.config.{ts,mjs}'],
    rules: { 'no-restricted-syntax': without('defaultExport') },
  },
)
