import ts from 'typescript'
import { lineOf, parse } from './imports.ts'

/** A place in code (not in a comment) that speaks of an engine or a destination by name. */
export type Mention = { readonly name: string; readonly line: number }

// Destinations whose names are ordinary words: they say something else in most places.
const ordinaryWords = new Set(['local'])
// A short name is part of many words (`s3` of `class3`); it counts only where it stands alone.
const shortName = 4

/** Where identifiers, strings, templates and text of a source hold one of these names. */
export function mentionsIn(path: string, text: string, names: readonly string[]): Mention[] {
  const source = parse(path, text)
  const patterns = names.filter((name) => !ordinaryWords.has(name)).map(patternOf)
  const found: Mention[] = []
  const visit = (node: ts.Node): void => {
    const words = wordsOf(node)
    for (const { name, pattern } of patterns)
      if (words !== undefined && pattern.test(words))
        found.push({ name, line: lineOf(source, node) })
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function wordsOf(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) return node.text
  if (ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node) || ts.isJsxText(node))
    return node.text
  return ts.isRegularExpressionLiteral(node) ? node.text : undefined
}

function patternOf(name: string): { name: string; pattern: RegExp } {
  const spelled = name.replaceAll('-', '[-_ ]?')
  return {
    name,
    pattern:
      name.length <= shortName
        ? new RegExp(`(?<![a-z0-9])${spelled}(?![a-z0-9])`, 'i')
        : new RegExp(spelled, 'i'),
  }
}
