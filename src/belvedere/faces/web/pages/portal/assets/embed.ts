/* A frame on another site: the list is there at once, the map is fetched when it comes into sight. */
const maps = document.querySelectorAll<HTMLElement>("[data-map]");
const seen = new IntersectionObserver((entries) => {
  const visible = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target as HTMLElement);
  if (!visible.length) return;
  for (const element of visible) seen.unobserve(element);
  void import("../../../assets/map/map.js").then((module) => module.startMaps(visible));
});
for (const element of maps) seen.observe(element);
document.documentElement.dataset.ready = "";

export {};
