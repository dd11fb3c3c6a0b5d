/** An answer with Notion's error body. `status` is HTTP, `code` Notion's. */
export class NotionError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly additionalData: Record<string, unknown> | null = null,
  ) {
    super(message);
    this.name = 'NotionError';
  }
}

/** 400: what was asked cannot be done, and would fail again. */
export function invalid(message: string, additionalData: Record<string, unknown> | null = null): NotionError {
  return new NotionError(400, 'validation_error', message, additionalData);
}

/** 404: absent, or not shared with the connection; Notion does not tell which. */
export function notFound(
  kind: 'page' | 'database' | 'data source' | 'view' | 'block' | 'user',
  id: string,
): NotionError {
  return new NotionError(
    404,
    'object_not_found',
    `Could not find ${kind} with ID: ${id}. Make sure the relevant pages and databases are shared with your integration.`,
  );
}

/** 403: the connection lacks a capability. */
export function restricted(message = 'Insufficient permissions for this endpoint.'): NotionError {
  return new NotionError(403, 'restricted_resource', message);
}

/** The body of an error reply. */
export function errorBody(error: NotionError, requestId: string): Record<string, unknown> {
  return {
    object: 'error',
    status: error.status,
    code: error.code,
    message: error.message,
    request_id: requestId,
    ...(error.additionalData === null ? {} : { additional_data: error.additionalData }),
  };
}
