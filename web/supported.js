/*
 * Before the app: says in words what an older browser, or a page without https, lacks. ES5, because it runs there too.
 * The words stand in index.html; without #root the app does not start (src/apps/manager/main.tsx).
 */
(function () {
  function has(test) {
    try {
      return Boolean(test());
    } catch (ignored) {
      return ignored === undefined;
    }
  }
  /* Together these are Chrome and Edge 111, Firefox 115, Safari 16.4 (web/browsers.ts). */
  var current =
    has(function () {
      return [].toSorted && window.HTMLDialogElement && window.TextDecoderStream && window.BroadcastChannel;
    }) &&
    has(function () {
      return CSS.supports("color", "color-mix(in srgb, red, blue)") && window.CSSLayerBlockRule;
    }) &&
    has(function () {
      return new RegExp("(?<=a)b").test("ab");
    });
  var secure = window.isSecureContext !== false && Boolean(navigator.locks);
  if (current && secure) return;
  var root = document.getElementById("root");
  root.parentNode.removeChild(root);
  document.getElementById(current ? "insecure" : "outdated").removeAttribute("hidden");
})();
