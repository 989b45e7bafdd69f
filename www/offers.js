/** What the page offers to do, in a few words with a button. Each kind has at most one; the newest is the last. */
import { get, set } from "./state.js";

/** @typedef {import("./state.js").Offer} Offer */

/** @param {Offer} offer */
export const offer = (offer) => set({ offers: [...get().offers.filter(({ id }) => id !== offer.id), offer] });

/** @param {Offer["id"][]} ids */
export function withdraw(...ids) {
  const left = get().offers.filter(({ id }) => !ids.includes(id));
  if (left.length < get().offers.length) set({ offers: left });
}
