/** Errors that carry a sentence of the page's own, so that what went wrong is told in the language that is chosen. */

/** @import { Reason } from "../types.d.ts" */

export class Failure extends Error {
  /** @param {Reason | undefined} reason @param {string} [message]  where no sentence says it */
  constructor(reason, message = reason?.key ?? "") {
    super(message);
    this.reason = reason;
  }
}

/** What the page says of an error. @param {unknown} error @returns {Reason} */
export function reasonOf(error) {
  if (error instanceof Failure && error.reason) return error.reason;
  return { key: "why.broke", args: { message: error instanceof Error ? error.message : String(error) } };
}
