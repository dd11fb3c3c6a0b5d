/** Signs and letters that TeX has a name for; others stand for themselves. */
const NAMES: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'α alpha β beta γ gamma δ delta ε epsilon ϵ epsilon ζ zeta η eta θ theta ϑ vartheta ι iota κ kappa λ lambda μ mu ν nu ' +
    'ξ xi π pi ρ rho σ sigma ς varsigma τ tau υ upsilon φ phi ϕ phi χ chi ψ psi ω omega Γ Gamma Δ Delta Θ Theta ' +
    'Λ Lambda Ξ Xi Π Pi Σ Sigma Υ Upsilon Φ Phi Ψ Psi Ω Omega ∑ sum ∏ prod ∐ coprod ∫ int ∬ iint ∭ iiint ∮ oint ⋃ bigcup ' +
    '⋂ bigcap × times ÷ div ± pm ∓ mp · cdot ⋅ cdot ∗ ast ∘ circ ⊕ oplus ⊗ otimes ∩ cap ∪ cup ∖ setminus ∧ land ∨ lor ' +
    '¬ neg ≤ le ≥ ge ≠ ne ≈ approx ≡ equiv ≅ cong ∼ sim ≃ simeq ∝ propto ≪ ll ≫ gg ∈ in ∉ notin ∋ ni ⊂ subset ⊃ supset ' +
    '⊆ subseteq ⊇ supseteq ∅ emptyset ∀ forall ∃ exists ∄ nexists ∂ partial ∇ nabla ∞ infty → to ← leftarrow ↔ leftrightarrow ' +
    '⇒ Rightarrow ⇐ Leftarrow ⇔ Leftrightarrow ↦ mapsto ⟶ longrightarrow ↑ uparrow ↓ downarrow … ldots ⋯ cdots ⋮ vdots ' +
    '⋱ ddots ′ prime ″ prime\\prime ⟨ langle ⟩ rangle ⌊ lfloor ⌋ rfloor ⌈ lceil ⌉ rceil ‖ Vert ∥ parallel ⊥ perp ∠ angle ' +
    'ℏ hbar ℓ ell ℜ Re ℑ Im ℵ aleph { { } } % % # # & & _ _ $ $ \\ backslash'
  )
    .split(' ')
    .reduce<[string, string][]>((pairs, word, at, all) => {
      if (at % 2 === 0) pairs.push([word, `\\${all[at + 1] ?? ''}`]);
      return pairs;
    }, []),
);
const BLACKBOARD: Readonly<Record<string, string>> = { ℝ: 'R', ℕ: 'N', ℤ: 'Z', ℚ: 'Q', ℂ: 'C', ℙ: 'P', '𝔼': 'E' };
const FUNCTIONS = new Set(
  (
    'sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln lg exp lim limsup liminf max min sup inf arg deg det ' +
    'dim gcd hom ker Pr'
  ).split(' '),
);
const ACCENTS: Readonly<Record<string, string>> = {
  '^': 'hat',
  ˆ: 'hat',
  '~': 'tilde',
  '˜': 'tilde',
  '¯': 'overline',
  '‾': 'overline',
  _: 'underline',
  '→': 'vec',
  '⃗': 'vec',
  '˙': 'dot',
  '¨': 'ddot',
  '⏞': 'overbrace',
  '⏟': 'underbrace',
};
/** Signs that MathML wants and nobody sees: function application, invisible times and separator, spaces of no width. */
const INVISIBLE = /[\u2061-\u2064\u200b\ufeff]/g;
const NOT_SHOWN = /^(?:annotation|annotation-xml|mphantom|mspace|maligngroup|malignmark|none|mprescripts)$/;

/** A formula of a page in TeX. Source of the elements: MathML Core; `mfenced` and `menclose` are of MathML 3. */
export function texOf(math: Element): string {
  return row(math)
    .replace(/\s+/g, ' ')
    .replace(/ (?=[}^_)\]]|$)/g, '')
    .trim();
}

function row(parent: Element): string {
  let tex = '';
  for (const child of parent.children) tex += texOfPart(child);
  return tex;
}

function texOfPart(element: Element): string {
  const name = element.localName;
  if (NOT_SHOWN.test(name)) return name === 'mspace' ? ' ' : '';
  const part = (at: number): string => {
    const child = element.children[at];
    return child === undefined ? '' : texOfPart(child);
  };
  const group = (at: number): string => `{${part(at)}}`;
  switch (name) {
    case 'mi':
      return identifier(element);
    case 'mn':
    case 'mo':
      return signs(textOf(element));
    case 'mtext':
    case 'ms':
      return `\\text{${textOf(element).replace(/[{}$%#&_\\]/g, '\\$&')}}`;
    case 'semantics':
      return part(0);
    case 'mfrac':
      return element.getAttribute('linethickness') === '0'
        ? `\\binom${group(0)}${group(1)}`
        : `\\frac${group(0)}${group(1)}`;
    case 'msqrt':
      return `\\sqrt{${row(element)}}`;
    case 'mroot':
      return `\\sqrt[${part(1)}]${group(0)}`;
    case 'msub':
      return `${base(part(0))}_${script(part(1))}`;
    case 'msup':
      return `${base(part(0))}^${script(part(1))}`;
    case 'msubsup':
    case 'munderover':
      return `${base(part(0))}_${script(part(1))}^${script(part(2))}`;
    case 'munder':
      return beside(part(0), part(1), '_');
    case 'mover':
      return beside(part(0), part(1), '^');
    case 'mfenced':
      return fenced(element);
    case 'mtable':
      return `\\begin{matrix}${[...element.children].map(tableRow).join(' \\\\ ')}\\end{matrix}`;
    default:
      return row(element);
  }
}

function identifier(element: Element): string {
  const words = textOf(element);
  if (words.length < 2 || NAMES[words] !== undefined || BLACKBOARD[words] !== undefined) return signs(words);
  return FUNCTIONS.has(words) ? `\\${words} ` : `\\mathrm{${signs(words)}}`;
}

function signs(words: string): string {
  let tex = '';
  for (const sign of words) {
    const letter = BLACKBOARD[sign];
    const name = NAMES[sign];
    // The space keeps a letter that follows out of the name.
    if (letter !== undefined) tex += `\\mathbb{${letter}}`;
    else if (name !== undefined) tex += /[a-z]$/i.test(name) ? `${name} ` : name;
    else tex += sign === '−' ? '-' : sign;
  }
  return tex;
}

/** Under or over something: a limit, an accent, or else words above it. */
function beside(base: string, mark: string, side: '_' | '^'): string {
  const accent = ACCENTS[mark.trim()] ?? (mark.trim() === '\\to' && side === '^' ? 'vec' : undefined);
  if (accent !== undefined) return `\\${accent}{${base}}`;
  if (
    /^\\(?:\w*(?:sum|prod|int|bigcup|bigcap)|lim\w*|max|min|sup|inf|arg|det|gcd|Pr|overbrace|underbrace)\b/.test(base)
  ) {
    return `${base.trimEnd()}${side}${script(mark)}`;
  }
  return `\\${side === '^' ? 'overset' : 'underset'}{${mark}}{${base}}`;
}

function fenced(element: Element): string {
  const [open, close] = [element.getAttribute('open') ?? '(', element.getAttribute('close') ?? ')'];
  const separator = (element.getAttribute('separators') ?? ',').trim().slice(0, 1);
  return `${signs(open)}${[...element.children].map(texOfPart).join(`${signs(separator)} `)}${signs(close)}`;
}

function tableRow(line: Element): string {
  return line.localName === 'mtr' ? [...line.children].map(row).join(' & ') : row(line);
}

/** One sign or one name needs no braces. */
function isOne(tex: string): boolean {
  return /^(?:[^\\{}^_\s]|\\[a-z]+ ?)$/i.test(tex);
}

function base(tex: string): string {
  if (isOne(tex) || tex === '' || /^[\p{L}\p{N}.]+$|[)\]|]$|^\\\w+\{[^{}]*\}$/u.test(tex)) return tex.trimEnd();
  return `{${tex}}`;
}

function script(tex: string): string {
  return isOne(tex) ? tex : `{${tex}}`;
}

function textOf(element: Element): string {
  return (element.textContent ?? '').replace(INVISIBLE, '').replace(/\s+/g, ' ').trim();
}
