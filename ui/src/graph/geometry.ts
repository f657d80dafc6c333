// Points, boxes and the camera. All lengths are pixels; "flow" is the plane that the layout lies in,
// "screen" the rectangle that shows a part of it.

export type Point = { x: number; y: number };
export type Size = { width: number; height: number };
export type Box = Point & Size;
/** Where the plane's origin is on the screen, and how large a pixel of the plane is drawn. */
export type Camera = { x: number; y: number; zoom: number };

export function toFlow(point: Point, camera: Camera): Point {
  return { x: (point.x - camera.x) / camera.zoom, y: (point.y - camera.y) / camera.zoom };
}

export function toScreen(point: Point, camera: Camera): Point {
  return { x: point.x * camera.zoom + camera.x, y: point.y * camera.zoom + camera.y };
}

/** The part of the plane that the screen shows. */
export function seen(camera: Camera, screen: Size): Box {
  const corner = toFlow({ x: 0, y: 0 }, camera);
  return { ...corner, width: screen.width / camera.zoom, height: screen.height / camera.zoom };
}

export function grown(box: Box, by: Size): Box {
  return {
    x: box.x - by.width,
    y: box.y - by.height,
    width: box.width + 2 * by.width,
    height: box.height + 2 * by.height,
  };
}

export function overlap(one: Box, other: Box): boolean {
  return (
    one.x <= other.x + other.width &&
    other.x <= one.x + one.width &&
    one.y <= other.y + other.height &&
    other.y <= one.y + one.height
  );
}

export function holds(outer: Box, inner: Box): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  );
}

export function isInside(point: Point, box: Box): boolean {
  return (
    point.x >= box.x &&
    point.x <= box.x + box.width &&
    point.y >= box.y &&
    point.y <= box.y + box.height
  );
}

export function middle(box: Box): Point {
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The smallest box around some points or boxes; `undefined` around nothing. */
export function around(things: Iterable<Point & Partial<Size>>): Box | undefined {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const thing of things) {
    left = Math.min(left, thing.x);
    top = Math.min(top, thing.y);
    right = Math.max(right, thing.x + (thing.width ?? 0));
    bottom = Math.max(bottom, thing.y + (thing.height ?? 0));
  }
  if (left > right) return undefined;
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The camera that shows a whole box; never closer than `closest`. */
export function fitting(box: Box, screen: Size, padding: number, closest = 1): Camera {
  const width = Math.max(screen.width - 2 * padding, 1);
  const height = Math.max(screen.height - 2 * padding, 1);
  const zoom = Math.min(width / Math.max(box.width, 1), height / Math.max(box.height, 1), closest);
  const centre = middle(box);
  return {
    x: screen.width / 2 - centre.x * zoom,
    y: screen.height / 2 - centre.y * zoom,
    zoom,
  };
}

/** The camera moved as little as needed to show a box with a margin; the same one if it does already. */
export function revealing(box: Box, camera: Camera, screen: Size, margin: number): Camera {
  const shown = seen(camera, screen);
  const space = margin / camera.zoom;
  const shift = (from: number, length: number, start: number, size: number) => {
    if (start - space < from) return from - (start - space);
    if (start + size + space > from + length) return from + length - (start + size + space);
    return 0;
  };
  const dx = shift(shown.x, shown.width, box.x, box.width);
  const dy = shift(shown.y, shown.height, box.y, box.height);
  return dx === 0 && dy === 0
    ? camera
    : { ...camera, x: camera.x + dx * camera.zoom, y: camera.y + dy * camera.zoom };
}
