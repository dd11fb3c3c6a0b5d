/** Where a sink gets its credential from a connection: read right before use, kept in memory only. */
export interface TokenSource {
  /** The access token. Throws `ConnectionLostError` or `OperatorError`. */
  get(): Promise<string>;
  /**
   * Reads the token again after the service refused `rejected` with 401. Throws `OperatorError`.
   * @returns the new token, or `null` when it did not change (the connection is then lost)
   */
  renew(rejected: string): Promise<string | null>;
}
