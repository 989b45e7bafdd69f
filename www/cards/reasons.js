/** Reasons are kept as keys, so that a change of language changes them too. Here they become sentences. */
import { t } from "../i18n.js";

/** @param {import("../types.d.ts").Reason[]} reasons */
export const sentence = (reasons) => reasons.map(({ key, args }) => t(key, args)).join(t("space"));
