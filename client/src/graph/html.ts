/** The graph tab's page, before anything is drawn: nothing of a tree is in it, and no script but its own runs. */
import { headOf, outlineOf, STYLES } from './paths.ts';

/** What a page is made of: addresses of its files, as the webview can load them. */
export interface PageParts {
  /** where the webview's files come from, for its content security policy */
  source: string;
  style: string;
  script: string;
  /** a random word: only a script that has it runs */
  nonce: string;
}

const LEGEND = Object.entries(STYLES)
  .map(([kind, { dash, width, says }]) => {
    const head = headOf(kind, [
      { x: 2, y: 8 },
      { x: 46, y: 8 },
    ]);
    return `<li class="line ${kind}"><svg width="52" height="16" aria-hidden="true" focusable="false"><path class="stroke" d="M2 8H40" stroke-width="${width}"${dash ? ` stroke-dasharray="${dash}"` : ''}/><path class="head${head.open ? ' open' : ''}" d="${head.d}" transform="${head.transform}"/></svg>${says}</li>`;
  })
  .join('\n        ');

/** The document that a webview loads; its content security policy lets nothing else run or load. */
export const pageHtml = ({ source, style, script, nonce }: PageParts): string => `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'; img-src data:;">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <link rel="stylesheet" href="${style}">
  <title>Kerntrail Graph</title>
</head>
<body data-vscode-context='{"preventDefaultContextMenuItems": true}'>
  <header>
    <h1 id="title"></h1>
    <div class="search" role="search">
      <input id="search" type="search" placeholder="Search (/)" aria-label="Search the graph" autocomplete="off" spellcheck="false">
      <span id="found" role="status"></span>
    </div>
    <div class="tools" role="toolbar" aria-label="Graph">
      <button id="again" type="button" hidden></button>
      <button id="out" type="button" title="Zoom Out (-)" aria-label="Zoom Out">−</button>
      <button id="in" type="button" title="Zoom In (+)" aria-label="Zoom In">+</button>
      <button id="fit" type="button" title="Show All of It (0)">Fit</button>
      <button id="tidy" type="button" title="Lay Out Anew: boxes may move">Tidy</button>
      <button id="key" type="button" aria-expanded="false" aria-controls="legend">Key</button>
      <button id="export" type="button" aria-haspopup="menu">Save…</button>
    </div>
  </header>
  <main id="stage">
    <div id="world">
      <svg id="canvas" role="application" aria-label="Graph of calls. Arrow keys follow its lines, Enter opens, Shift+F10 has more.">
        <g id="rooms" aria-hidden="true"></g>
        <g id="lines" aria-hidden="true"></g>
        <g id="boxes" role="group" aria-label="Functions and slots"></g>
      </svg>
    </div>
    <p id="empty" hidden></p>
    <p id="busy" role="status" hidden>Looking…</p>
    <svg id="map" aria-hidden="true" hidden><path id="mapped"/><rect id="seen"/></svg>
    <details id="remarks" hidden><summary id="remarkCount"></summary><ul id="remarkList"></ul></details>
    <section id="legend" aria-label="Key" hidden>
      <ul>
        ${LEGEND}
        <li class="box slot"><svg width="52" height="16" aria-hidden="true" focusable="false"><path class="outline" d="${outlineOf('slot', 50, 14)}" transform="translate(1 1)"/></svg>a slot: what stands in it is called through it</li>
        <li><span class="unsure" aria-hidden="true"></span>wide dots: known by a name or a signature alone</li>
      </ul>
    </section>
    <div id="tip" role="tooltip" hidden></div>
  </main>
  <div id="menu" role="menu" hidden></div>
  <p id="status" role="status" class="unseen"></p>
  <script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
