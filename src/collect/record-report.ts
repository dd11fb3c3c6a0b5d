import type { PageResult } from './handle-page.js';

/** How a field fared in all records. */
export interface FieldReport {
  name: string;
  /** Records that have something there. */
  found: number;
  /** Values that could not be read as the field's type: they are null. */
  unreadable: number;
  /** One of them and its page. */
  example: { value: string; url: string } | null;
}

/** A record that was left out since another one has its key and other content. */
export interface RecordConflict {
  key: string;
  url: string;
}

/** What the crawl has learnt of the records, over all parts of a resumed run; part of the record COVERAGE. */
export interface RecordReport {
  /** Records found, those that were left out too. */
  records: number;
  /** A list, since fields may have any name. */
  fields: FieldReport[];
  /** The first `MAX_CONFLICTS` are named. */
  conflicts: number;
  conflicting: RecordConflict[];
  /** Records that share their link with others of their page and are told apart by their content. */
  withoutOwnLink: number;
}

const MAX_CONFLICTS = 100;

export function emptyRecordReport(): RecordReport {
  return { records: 0, fields: [], conflicts: 0, conflicting: [], withoutOwnLink: 0 };
}

/**
 * Takes into the report what one page gave.
 * @param conflicts keys of records that were left out and differ from the stored one
 */
export function addPage(
  report: RecordReport,
  url: string,
  { records, repeated, fields, withoutOwnLink }: PageResult,
  conflicts: string[],
): void {
  report.records += records.length + repeated.length;
  report.withoutOwnLink += withoutOwnLink;
  for (const [name, { found, unreadable, example }] of Object.entries(fields)) {
    const total = fieldOf(report, name);
    total.found += found;
    total.unreadable += unreadable;
    if (example !== null) total.example ??= { value: example, url };
  }
  report.conflicts += conflicts.length;
  const room = Math.max(MAX_CONFLICTS - report.conflicting.length, 0);
  report.conflicting.push(...conflicts.slice(0, room).map((key) => ({ key, url })));
}

function fieldOf({ fields }: RecordReport, name: string): FieldReport {
  const known = fields.find((field) => field.name === name);
  if (known !== undefined) return known;
  const added: FieldReport = { name, found: 0, unreadable: 0, example: null };
  fields.push(added);
  return added;
}

export function unreadableValues({ fields }: RecordReport): number {
  return fields.reduce((sum, { unreadable }) => sum + unreadable, 0);
}
