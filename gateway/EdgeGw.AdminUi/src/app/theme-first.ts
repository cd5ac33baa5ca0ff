// Runs before the first paint, so that a theme which was chosen does not flash in the other one's colours.
const chosen = localStorage.getItem("edgegw.theme");
if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
