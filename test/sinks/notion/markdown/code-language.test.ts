import { expect, it } from 'vitest';
import { codeLanguage } from '../../../../src/sinks/notion/markdown/code-language.js';

it.each([
  ['js', 'javascript'],
  ['TSX', 'typescript'],
  ['language-py', 'python'],
  ['{.yaml .numberLines}', 'yaml'],
  ['rust,ignore', 'rust'],
  ['c++', 'c++'],
  ['visual-basic', 'visual basic'],
  ['brainfuck', 'plain text'],
  ['constructor', 'plain text'],
  ['', 'plain text'],
  [null, 'plain text'],
])('maps %s to %s', (info, language) => {
  expect(codeLanguage(info)).toBe(language);
});
