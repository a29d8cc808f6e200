// Loads the script of the page behind the first paint: the instances are in the document already, and whoever looks
// for one in an incident must not wait for what makes them live. A page that nobody sees is not painted.

const load = () => import('./page.js');
if (document.hidden) {
  load();
} else {
  requestAnimationFrame(() => setTimeout(load));
}
