// Before the first paint, so that a chosen theme does not flash; the rest is app/appearance.ts.
try {
  const chosen = JSON.parse(localStorage.getItem("storyflow.appearance") || "{}");
  for (const name of ["theme", "reading", "motion"]) {
    if (chosen[name]) document.documentElement.dataset[name] = chosen[name];
  }
} catch {
  // A browser without storage follows the computer's theme.
}
