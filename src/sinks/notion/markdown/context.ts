import type { Definition } from 'mdast';
import type { FootnoteNumbers } from './footnotes.js';

/** What serializing one body needs to know besides the node at hand. */
export interface Context {
  /** False: images become links. */
  readonly images: boolean;
  /** False: links keep their text only. */
  readonly links: boolean;
  /** Targets of reference links and images by identifier. */
  readonly definitions: ReadonlyMap<string, Definition>;
  readonly footnotes: FootnoteNumbers;
}
