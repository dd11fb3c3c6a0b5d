import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { INPUT_TYPES_FILE, inputTypes } from './definition/input-types.js';
import { readDefinition } from './definition/read.js';

/** `npm run generate`: what is made from the files in `.actor/`. `npm run validate` says when it is due. */
const root = fileURLToPath(new URL('..', import.meta.url));
writeFileSync(path.join(root, INPUT_TYPES_FILE), await inputTypes(readDefinition(root).input));
console.log(`Written: ${INPUT_TYPES_FILE}`);
