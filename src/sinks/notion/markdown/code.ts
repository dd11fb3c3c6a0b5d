import type { Code } from 'mdast';
import { codeLanguage, languageName } from './code-language.js';
import { cleanLines, escapeLineStart, escapeText } from './escape.js';

/** https://developers.notion.com/reference/request-limits, `equation.expression` */
const MAX_EQUATION_CHARS = 1000;

/** A fence is written once more at every split; one of thousands of backticks would leave no room for the code. */
const MAX_FENCE_CHARS = 200;

/**
 * A fenced or indented block as a fence with literal lines, or an equation when its language is math.
 * @returns lines without indentation; none for an empty block
 */
export function codeLines(node: Code): string[] {
  const body = cleanLines(node.value);
  if (body.trim() === '') return [];
  if (languageName(node.lang) === 'math') {
    const lines = body.split('\n').map((line) => line.trim());
    const expression = lines.filter((line) => line !== '').join('\n');
    // What closes an equation cannot stand in it, and braces around a longer one would be cut by Notion.
    if (!expression.includes('$$') && expression.length <= MAX_EQUATION_CHARS)
      return ['$$', expression, '$$'].join('\n').split('\n');
  }
  const longest = (body.match(/`+/g) ?? []).reduce((length, run) => Math.max(length, run.length), 2);
  if (longest >= MAX_FENCE_CHARS) return body.split('\n').flatMap(textLine);
  const fence = '`'.repeat(longest + 1);
  return [fence + codeLanguage(node.lang), ...body.split('\n'), fence];
}

function textLine(line: string): string[] {
  const text = line.trim();
  return text === '' ? [] : [escapeLineStart(escapeText(text))];
}
