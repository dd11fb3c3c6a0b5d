import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * The sentences that a source file can say: every string of it that reads like one, joined where it is put together by
 * `+`. What is filled in while it runs stands as `…`.
 */
export function sentencesOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text === null) return ts.forEachChild(node, visit);
    if (isSentence(text)) found.push(text);
  };
  visit(source);
  return found;
}

/** `null` for what is no string, or for a `+` that joins none. */
function textOf(node: ts.Node): string | null {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
  }
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    return left === null && right === null ? null : `${left ?? '…'}${right ?? '…'}`;
  }
  return null;
}

/** Begins like one, ends like one, and has a few words. */
function isSentence(text: string): boolean {
  return /^[A-Z…]/.test(text) && /[.…]$/.test(text) && text.split(' ').length > 4;
}
