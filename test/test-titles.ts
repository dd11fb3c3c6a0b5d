import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** The titles of the tests of a file, and of what they stand in; of those that run. */
export function testTitles(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    const called = ts.isCallExpression(node)
      ? /^(?:it|test|describe)\b((?:\.\w+)*)/.exec(node.expression.getText(source))
      : null;
    if (called && /\.(skip|todo|fails|skipIf|runIf)\b/.test(called[1] ?? '')) return;
    if (ts.isCallExpression(node) && called) {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return titles;
}
