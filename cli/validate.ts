import { fileURLToPath } from 'node:url';
import { inputTypesProblems } from './definition/input-types.js';
import { officialProblems } from './definition/official-checks.js';
import { ownProblems } from './definition/own-checks.js';
import { readDefinition } from './definition/read.js';

/** `npm run validate`: every file in `.actor/`, by Apify's validators and by our own rules. */
async function validate(): Promise<number> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const definition = readDefinition(root);
  const problems = [
    ...officialProblems(definition),
    ...(await ownProblems(definition)),
    ...(await inputTypesProblems(root, definition.input)),
  ];
  for (const problem of problems) console.error(`- ${problem}`);
  const inputs = Object.keys(definition.input.properties).length;
  if (problems.length === 0)
    console.log(`The Actor's definition is valid: ${inputs} input fields, nothing to correct.`);
  else console.error(`The Actor's definition has ${problems.length} fault${problems.length === 1 ? '' : 's'}.`);
  return problems.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await validate();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
