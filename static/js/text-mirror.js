// An element with the same text breaks its lines where a text area does: what stands where can be read from it.
const COPIED = ["font", "letterSpacing", "lineHeight", "tabSize", "textIndent", "borderWidth", "padding", "width", "height"];

// Lays `element` over the area, of the same size; both need the same positioned parent.
export function mirror(area, element) {
  const look = getComputedStyle(area);
  for (const name of COPIED) element.style[name] = look[name];
  const bar = area.offsetWidth - area.clientWidth - parseFloat(look.borderLeftWidth) - parseFloat(look.borderRightWidth);
  // A bar of its own takes as much room; a pixel or two are borders, rounded.
  element.style.overflowY = bar > 2 ? "scroll" : "hidden";
  Object.assign(element.style, { top: "0", left: "0" });
  // Not offsetTop and the like, which are whole pixels: half a pixel is another word in a line.
  const [here, there] = [element.getBoundingClientRect(), area.getBoundingClientRect()];
  const scale = there.width / parseFloat(look.width) || 1;
  element.style.top = `${(there.top - here.top) / scale}px`;
  element.style.left = `${(there.left - here.left) / scale}px`;
}

// Where the character at `place` stands, in pixels from the parent's edges: its left, and the foot of its line.
export function find(area, place) {
  const element = Object.assign(document.createElement("div"), { className: "text-mirror", ariaHidden: "true" });
  const character = document.createElement("span");
  character.textContent = area.value.slice(place, place + 1) || "\u200b";
  element.append(area.value.slice(0, place), character);
  area.before(element);
  mirror(area, element);
  const found = {
    left: area.offsetLeft + character.offsetLeft,
    foot: area.offsetTop + character.offsetTop + character.offsetHeight - area.scrollTop,
  };
  element.remove();
  return found;
}
