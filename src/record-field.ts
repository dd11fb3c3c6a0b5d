/** The types that a record's field may have; columns in Notion follow them. */
export const RECORD_FIELD_TYPES = ['text', 'number', 'url', 'date', 'boolean', 'email', 'image'] as const;

export type RecordFieldType = (typeof RECORD_FIELD_TYPES)[number];

/** One entry of the input's `recordFields`. */
export interface RecordFieldInput {
  name: string;
  /** Relative to the record's element; `:scope` is the element itself. */
  selector: string;
  /** Read this attribute instead of the text. */
  attribute: string | null;
  type: RecordFieldType;
  multiple: boolean;
}
