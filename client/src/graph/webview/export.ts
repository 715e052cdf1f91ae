/// <reference lib="dom" />
/** Pictures of the page for files: the theme's own colours, and PNG of an SVG. */
import type { Palette } from '../svgText.ts';

/** The colours that the page has now. */
export function paletteOf(): Palette {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string, other: string): string => style.getPropertyValue(`--graph-${name}`).trim() || other;
  return {
    background: resolved(colour('background', '#ffffff')),
    text: resolved(colour('text', '#222222')),
    quiet: resolved(colour('quiet', '#666666')),
    line: resolved(colour('line', '#777777')),
    chosen: resolved(colour('chosen', '#0066bf')),
    box: resolved(colour('box', '#ffffff')),
    border: resolved(colour('border', '#999999')),
    slot: resolved(colour('slot', '#9a5b00')),
    room: resolved(colour('room', '#f4f4f4')),
  };
}

/** A colour as a file can have it: what CSS makes of variables and mixtures. */
function resolved(colour: string): string {
  const probe = document.createElement('span');
  probe.style.color = colour;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  // a mixture may come out in a notation that other programs don't read
  const canvas = document.createElement('canvas').getContext('2d');
  if (!canvas) return color;
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b] = canvas.getImageData(0, 0, 1, 1).data;
  return `#${[r, g, b].map((n) => n.toString(16).padStart(2, '0')).join('')}`;
}

/** Browsers draw no larger canvas. */
const MOST_PIXELS = 16_000;

/** An SVG as PNG, at twice its size where that can be drawn; its bytes in base 64. Rejects where the browser can't. */
export function pngOf(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.onerror = () => reject(new Error('The picture could not be drawn.'));
    image.onload = () => {
      const scale = Math.min(2, MOST_PIXELS / Math.max(image.width, image.height));
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(image.width * scale);
      canvas.height = Math.round(image.height * scale);
      const context = canvas.getContext('2d');
      if (!context) return reject(new Error('The browser draws no pictures here.'));
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      const url = canvas.toDataURL('image/png');
      return resolve(url.slice(url.indexOf(',') + 1));
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  });
}
