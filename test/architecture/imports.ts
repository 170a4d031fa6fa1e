import ts from 'typescript'

/** One place where a file asks for another module. */
export type Import = {
  /** What stands in the code; undefined where it is computed, so that nobody can tell. */
  readonly specifier: string | undefined
  /** True where only types are asked for: nothing of it is left when the program runs. */
  readonly typeOnly: boolean
  readonly line: number
}

/** Every import of a source: import, export from, import(), require(), import types, import = require. */
export function importsOf(path: string, text: string): Import[] {
  const source = parse(path, text)
  const found: Import[] = []
  const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean) => {
    found.push({
      specifier: specifier && ts.isStringLiteralLike(specifier) ? specifier.text : undefined,
      typeOnly,
      line: lineOf(source, node),
    })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, isTypeImport(node))
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier)
      add(node, node.moduleSpecifier, node.isTypeOnly)
    else if (ts.isImportTypeNode(node))
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true)
    else if (
      ts.isImportEqualsDeclaration(node) &&
      ts.isExternalModuleReference(node.moduleReference)
    )
      add(node, node.moduleReference.expression, node.isTypeOnly)
    else if (ts.isCallExpression(node) && loads(node.expression))
      add(node, node.arguments[0], false)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** Parses as the file's extension says. */
export function parse(path: string, text: string): ts.SourceFile {
  const kind = /\.[tj]sx$/.test(path) ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind)
}

/** The line of a node, counted from 1. */
export function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true
  const { name, namedBindings } = importClause
  if (name || !namedBindings || !ts.isNamedImports(namedBindings)) return false
  return (
    namedBindings.elements.length > 0 && namedBindings.elements.every((each) => each.isTypeOnly)
  )
}

/** True for import(…), require(…), require.resolve(…) and createRequire(…)(…). */
function loads(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true
  if (ts.isIdentifier(callee)) return /^_*require\d*$/.test(callee.text)
  if (ts.isPropertyAccessExpression(callee)) {
    if (callee.name.text === 'require') return true
    return callee.name.text === 'resolve' && loads(callee.expression)
  }
  return (
    ts.isCallExpression(callee) &&
    ts.isIdentifier(callee.expression) &&
    callee.expression.text === 'createRequire'
  )
}
