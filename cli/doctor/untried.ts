/** A fact that no command can try: it needs a person, an accident, or the platform. */
export interface UntriedFact {
  fact: string;
  /** What the code does about it. */
  assumed: string;
}

/** What the code takes for granted and `--live` cannot try. Told with the results, so that the list is whole. */
export const UNTRIED: readonly UntriedFact[] = [
  {
    fact: 'Notion: what the blocks say after a person has edited a page',
    assumed: 'their last editor is that person, so the body is kept',
  },
  {
    fact: 'Notion: a reply that is lost after the write took effect',
    assumed: 'the row is found by its key after the waits; `committed_resource_id` is used where it comes',
  },
  { fact: 'Notion: how many rows a database may have', assumed: 'a refusal with its own code ends the sync' },
  {
    fact: 'Notion: a query that stops at 10,000 rows',
    assumed: '`request_status` says so; the next one begins at the last creation time',
  },
  { fact: 'Notion: how long an access token lives', assumed: 'Scalekit renews it; it is read again every minute' },
  {
    fact: 'Scalekit: a link for an account that is ACTIVE',
    assumed: 'may take it out of service, so none is made unless the input asks for it',
  },
  {
    fact: 'Scalekit: what comes back after Cancel',
    assumed: '`error` without an id, or nothing at all; the page waits on either way',
  },
  {
    fact: 'Scalekit: the state after a person has removed the connection in Notion',
    assumed: 'it may stay ACTIVE: Notion’s 401 counts, and the account is lost',
  },
  {
    fact: 'Scalekit: an ACTIVE account while a new consent is under way',
    assumed: 'leaves ACTIVE, which tells a new consent from the old grant; if not, only our own verification does',
  },
  {
    fact: 'Scalekit: `updatedAt` of an account whose token Notion refuses',
    assumed: 'it moves with a new consent or a refresh, and the token is tried once more',
  },
  {
    fact: 'Scalekit: a second link for one account',
    assumed: 'voids the first; if not, whoever finishes first counts',
  },
  {
    fact: 'Scalekit: two consents for one account that wait for their verification',
    assumed: 'one is kept, the later; if both are, ours verifies one at a time and refuses the rest once ACTIVE',
  },
  {
    fact: 'Scalekit: how long a given consent waits for its verification',
    assumed: 'ten minutes at least, as long as a state of ours is good',
  },
  { fact: 'Scalekit: the grant at Notion, after an account is deleted', assumed: 'it may stay; the command says so' },
  {
    fact: 'Apify: the address of the live view, after a run was moved',
    assumed: 'leads to the new container; if not, a new click restarts the consent',
  },
  { fact: 'Apify: an abort', assumed: 'an event, then 30 s' },
  { fact: 'Apify: being moved', assumed: 'an event, then some seconds; default storages stay' },
  { fact: 'Apify: who frames the live view', assumed: 'https://console.apify.com only' },
  {
    fact: 'Apify: the check whether the live view is up',
    assumed: 'has the header x-apify-container-server-readiness-probe, and is no visitor',
  },
];
