/**
 * Says so when the page cannot start: a file that did not come, a browser that lacks what it takes. A script of the old
 * kind, in words that old browsers read, and on its own: whatever else is missing, this is not.
 */
(function () {
  "use strict";
  /** Milliseconds until the page should have started, and after everything has come. */
  var PATIENCE = 30000;
  var AFTER = 2000;
  var chinese = /^zh\b/i.test(navigator.language || "");
  /** @type {string[]} */
  var missing = [];

  /** @param {string} address */
  function name(address) {
    return address.replace(/[?#].*$/, "").replace(document.baseURI.replace(/[^/]*([?#].*)?$/, ""), "");
  }

  /** @param {Event} event */
  function failed(event) {
    var script = event.target;
    if (script instanceof HTMLScriptElement && missing.indexOf(name(script.src)) < 0) missing.push(name(script.src));
  }

  function told() {
    var found = performance.getEntriesByType ? performance.getEntriesByType("resource") : [];
    for (var i = 0; i < found.length; i++) {
      var entry = /** @type {PerformanceResourceTiming} */ (found[i]);
      // A refused answer, or none; who does not tell the status knows nothing of it.
      var gone = entry.responseStatus >= 400 || (entry.responseStatus === 0 && !entry.decodedBodySize);
      if (gone && /\.m?js$/.test(name(entry.name)) && missing.indexOf(name(entry.name)) < 0) missing.push(name(entry.name));
    }
    if (missing.length) return missing.slice(0, 3).join(", ") + (chinese ? " 没有收到。" : " did not come.");
    return chinese ? "页面的程序没有全部收到，或者此浏览器太旧。" : "Not all of its program came, or this browser is too old for it.";
  }

  /** @param {string} why */
  function say(why) {
    var start = document.getElementById("start");
    // Whoever drew the page has taken this away.
    if (!start) return;
    document.documentElement.setAttribute("data-status", "failed");
    start.textContent = "";
    var text = document.createElement("p");
    text.setAttribute("role", "alert");
    text.textContent = (chinese ? "页面无法开始。" : "The page could not start. ") + why;
    var again = document.createElement("button");
    again.className = "button";
    again.textContent = chinese ? "重新载入" : "Load it again";
    again.onclick = function () { location.reload(); };
    start.appendChild(text);
    start.appendChild(again);
  }

  function check() { say(told()); }

  function begin() {
    if (typeof WebAssembly !== "object") {
      return say(chinese ? "它需要 WebAssembly，而此浏览器没有或已将其关闭。" : "It needs WebAssembly, which this browser lacks or has switched off.");
    }
    if (!("noModule" in HTMLScriptElement.prototype)) {
      return say(chinese ? "它需要 JavaScript 模块，而此浏览器没有。请换用较新的浏览器。" : "It needs JavaScript modules, which this browser lacks. A newer one will do.");
    }
    setTimeout(check, PATIENCE);
    if (document.readyState === "complete") setTimeout(check, AFTER);
    else addEventListener("load", function () { setTimeout(check, AFTER); });
  }

  addEventListener("error", failed, true);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
