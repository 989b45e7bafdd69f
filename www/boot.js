/**
 * The page's first module: it starts the worker and the download of an engine before anything is drawn, so that the
 * view layer, the worker and the engine arrive side by side.
 */
import { Core } from "./engine/core.js";
import { hasSimd } from "./engine/modules.js";

/** @import { EngineName } from "./types.d.ts" */

/**
 * A hint only: the core reads the link properly as soon as it runs.
 * @returns {EngineName}
 */
function hint() {
  const asked = /[#&]engine=(cpu|ndarray|webgpu)(?:&|$)/.exec(location.hash)?.[1];
  if (asked === "ndarray" || !hasSimd()) return "ndarray";
  // The GPU is asked for only after its adapter was looked at, and the cpu engine reads the link meanwhile.
  return "cpu";
}

export const first = new Core(hint());
