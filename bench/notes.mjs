// Why a target is missed, by its key in targets.mjs. Shown only while it is missed.
/** @type {Record<string, string>} */
export const notes = {};
