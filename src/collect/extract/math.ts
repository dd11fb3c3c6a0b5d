import { texOf } from './mathml.js';
import type { Mixed } from './phrasing.js';
import { text } from './phrasing.js';

const DISPLAY = /\b(?:katex-display|MathJax_Display|mwe-math-fallback-image-display)\b/;

/** Elements that hold a formula as a whole, whatever the renderer made of it. */
export function isMath(element: Element, name: string): boolean {
  if (name === 'math' || name === 'mjx-container') return true;
  if (name === 'script') return /^math\/tex/i.test(element.getAttribute('type') ?? '');
  if (name !== 'span' && name !== 'div') return false;
  return /(?:^|\s)(?:katex|katex-display|math|mwe-math-element|arithmatex)(?:\s|$)/.test(
    element.getAttribute('class') ?? '',
  );
}

/** Copies of a formula for the eye only. */
export function isMathDecoration(className: string): boolean {
  return /(?:^|\s)(?:katex-html|MathJax|MathJax_Preview|MathJax_Display|MathJax_SVG|mwe-math-fallback-image-\w+)(?:\s|$)/.test(
    className,
  );
}

/**
 * A formula in TeX, as GitHub writes it: `` $`x`$ `` in a line, a fence named `math` on its own. One that has neither TeX
 * nor MathML is kept as its words.
 */
export function mathNodes(element: Element): Mixed[] {
  const source = texSource(element);
  if (source === null) {
    const words = (element.textContent ?? '').replace(/\s+/g, ' ').trim();
    return words === '' ? [] : [text(words)];
  }
  const { tex, display } = source;
  if (tex === '') return [];
  if (display) return [{ type: 'code', lang: 'math', value: tex }];
  return [text('$'), { type: 'inlineCode', value: tex.replace(/\s+/g, ' ') }, text('$')];
}

function texSource(element: Element): { tex: string; display: boolean } | null {
  const name = element.localName;
  if (name === 'script') {
    return { tex: trim(element.textContent), display: /mode\s*=\s*display/i.test(element.getAttribute('type') ?? '') };
  }
  const math = name === 'math' ? element : element.querySelector('math');
  const script = element.querySelector('script[type^="math/tex"]');
  if (script !== null) return texSource(script);
  const around = `${element.getAttribute('class') ?? ''} ${element.parentElement?.getAttribute('class') ?? ''}`;
  if (math !== null) {
    const tex = trim(math.querySelector('annotation[encoding*="tex" i]')?.textContent ?? math.getAttribute('alttext'));
    const display = math.getAttribute('display') === 'block' || DISPLAY.test(around);
    return { tex: tex === '' ? texOf(math) : withoutStyle(tex), display };
  }
  // Sphinx, MkDocs and pandoc leave the TeX in its delimiters for a script to find.
  const words = trim(element.textContent);
  const inline = /^\\\((.*)\\\)$/s.exec(words) ?? /^\$([^$]+)\$$/s.exec(words);
  if (inline !== null) return { tex: trim(inline[1]), display: false };
  const block = /^\\\[(.*)\\\]$/s.exec(words) ?? /^\$\$(.*)\$\$$/s.exec(words);
  return block === null ? null : { tex: trim(block[1]), display: true };
}

/** Wikipedia sets every formula into a style of its own. */
function withoutStyle(tex: string): string {
  return trim(/^\{\\(?:display|text)style (.*)\}$/s.exec(tex)?.[1] ?? tex);
}

function trim(words: string | null | undefined): string {
  return (words ?? '').trim();
}
