// The catalogue has the theme that was chosen for the collector's page; nothing else here needs a script.

try {
  document.documentElement.dataset.theme = localStorage.getItem("collector-theme") ?? "system";
} catch {
  // storage may be forbidden: then it is the system's
}
