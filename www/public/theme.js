// Sets the theme before the first paint; a file, since the content security policy allows no script in the page.
(function () {
  var kept = null;
  try {
    kept = localStorage.getItem('theme');
  } catch (_) {
    // Storage is switched off: the system's theme.
  }
  var dark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.mode = dark ? 'dark' : 'light';
})();
