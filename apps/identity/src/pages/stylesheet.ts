/** The look of all pages, light and dark. Contrasts are at least 4.5:1 for text and 3:1 for what can be operated (WCAG 2.2 AA). */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --ink: #14212e;
  --ink-soft: #4c5d6e;
  --paper: #ffffff;
  --water: #e9f1f6;
  --water-deep: #d3e4ee;
  --line: #cbd6df;
  --edge: #75889a;
  --accent: #0b5c8a;
  --accent-strong: #084769;
  --on-accent: #ffffff;
  --danger: #a4262c;
  --danger-wash: #fcedec;
  --good: #1c6b3c;
  --good-wash: #e8f5ec;
  --shadow: 0 1px 2px rgb(15 40 60 / 8%), 0 12px 40px rgb(15 40 60 / 10%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8eff5;
    --ink-soft: #a9bac9;
    --paper: #15212c;
    --water: #0b141c;
    --water-deep: #0f2130;
    --line: #2c3d4c;
    --edge: #7b91a5;
    --accent: #6cc1f0;
    --accent-strong: #9bd6f7;
    --on-accent: #06202f;
    --danger: #ff9e97;
    --danger-wash: #3a1d1f;
    --good: #83d6a2;
    --good-wash: #16301f;
    --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 12px 40px rgb(0 0 0 / 35%);
  }
}
* { box-sizing: border-box; }
html { font: 100%/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100dvh;
  display: flex;
  flex-direction: column;
  align-items: center;
  gap: 1.5rem;
  padding: clamp(1rem, 6vh, 4rem) 1rem 1.5rem;
  color: var(--ink);
  background: var(--water) linear-gradient(var(--water-deep), var(--water) 28rem) no-repeat;
}
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; padding: 0.5rem 1rem; background: var(--paper); }
.brand { display: inline-flex; align-items: center; gap: 0.6rem; font-size: 1.25rem; font-weight: 700; letter-spacing: -0.01em; color: var(--ink); text-decoration: none; }
.brand svg { width: 2rem; height: 2rem; fill: var(--accent); }
main { width: 100%; max-width: 27rem; padding: clamp(1.5rem, 5vw, 2.5rem); background: var(--paper); border: 1px solid var(--line); border-radius: 1.25rem; box-shadow: var(--shadow); }
.wide main { max-width: 46rem; }
footer { margin-top: auto; text-align: center; color: var(--ink-soft); font-size: 0.875rem; }
h1 { margin: 0 0 0.25rem; font-size: 1.6rem; line-height: 1.2; letter-spacing: -0.02em; text-wrap: balance; }
h1 + p:not(.lead), h1 + .note { margin-top: 1rem; }
main > :last-child { margin-bottom: 0; }
h2 { margin: 2rem 0 0.5rem; font-size: 1.1rem; }
p { margin: 0 0 1rem; }
.lead { color: var(--ink-soft); margin-bottom: 1.5rem; }
.soft { color: var(--ink-soft); font-size: 0.925rem; }
.links { margin: 1.5rem 0 0; text-align: center; }
.links + .links { margin-top: 0.5rem; }
a { color: var(--accent); text-underline-offset: 0.2em; }
a:hover { color: var(--accent-strong); }
strong { overflow-wrap: anywhere; }
form { margin: 0; }
.field { margin: 0 0 1.125rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 0 1rem; }
label { display: block; margin-bottom: 0.35rem; font-weight: 600; font-size: 0.95rem; }
.label-row { display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; font-size: 0.925rem; }
.passkey { margin-top: 0.75rem; }
input:not([type='hidden']) {
  width: 100%;
  min-height: 2.875rem;
  padding: 0.6rem 0.8rem;
  font: inherit;
  color: inherit;
  background: var(--paper);
  border: 1px solid var(--edge);
  border-radius: 0.625rem;
}
input[aria-invalid='true'] { border: 2px solid var(--danger); }
input.code { font: 600 1.35rem/1.4 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; letter-spacing: 0.12em; text-align: center; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.hint { margin: 0.35rem 0 0; color: var(--ink-soft); font-size: 0.875rem; }
.fault { margin: 0.35rem 0 0; color: var(--danger); font-size: 0.9rem; font-weight: 600; }
.note { margin: 0 0 1.5rem; padding: 0.8rem 1rem; border-radius: 0.75rem; border-inline-start: 4px solid currentcolor; }
.note p { margin: 0; color: var(--ink); }
.note.bad { color: var(--danger); background: var(--danger-wash); }
.note.good { color: var(--good); background: var(--good-wash); }
button, .button {
  display: inline-flex;
  justify-content: center;
  align-items: center;
  width: 100%;
  min-height: 2.875rem;
  padding: 0.6rem 1.25rem;
  font: inherit;
  font-weight: 600;
  color: var(--on-accent);
  background: var(--accent);
  border: 1px solid transparent;
  border-radius: 0.625rem;
  text-decoration: none;
  cursor: pointer;
}
button:hover, .button:hover { background: var(--accent-strong); color: var(--on-accent); }
button.quiet, .button.quiet { color: var(--accent); background: transparent; border-color: var(--edge); }
button.quiet:hover, .button.quiet:hover { background: var(--water); color: var(--accent-strong); }
button.danger { color: var(--danger); background: transparent; border-color: currentcolor; }
button.danger:hover { background: var(--danger-wash); }
.actions { display: flex; flex-wrap: wrap-reverse; gap: 0.75rem; margin-top: 1.5rem; }
.actions > * { flex: 1 1 9rem; }
.small { width: auto; min-height: 2.5rem; padding: 0.4rem 1rem; font-size: 0.925rem; }
ul.plain { margin: 0 0 1.25rem; padding: 0; list-style: none; }
.scopes li { display: flex; gap: 0.75rem; padding: 0.65rem 0; border-bottom: 1px solid var(--line); }
.scopes li:last-child { border-bottom: 0; }
.scopes svg { flex: none; width: 1.25rem; height: 1.55em; fill: none; stroke: var(--good); stroke-width: 2.5; }
.entries > li { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 0.75rem 1.5rem; padding: 1rem 0; border-bottom: 1px solid var(--line); }
.entries > li:last-child { border-bottom: 0; }
.entries:last-child { margin-bottom: -1rem; }
.entries h2, .entries h3 { margin: 0 0 0.15rem; font-size: 1.05rem; }
.entries p { margin: 0; }
.entries > li > :first-child { flex: 1 1 16rem; }
.badge { display: inline-block; padding: 0.05rem 0.6rem; border-radius: 1rem; font-size: 0.8rem; font-weight: 600; color: var(--good); background: var(--good-wash); vertical-align: 0.1em; }
.badge.off { color: var(--ink-soft); background: var(--water); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem; margin: 0 0 1.75rem; padding: 0; list-style: none; border-bottom: 1px solid var(--line); }
nav a { display: block; padding: 0.6rem 0.75rem; margin-bottom: -1px; color: var(--ink-soft); text-decoration: none; font-weight: 600; border-bottom: 3px solid transparent; }
nav a[aria-current] { color: var(--ink); border-color: var(--accent); }
.qr { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: center; margin: 1rem 0 1.5rem; }
.qr svg { width: 11rem; height: 11rem; border-radius: 0.75rem; background: #ffffff; }
.qr > div:last-child { flex: 1 1 14rem; }
code { font: 600 0.95rem/1.6 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.codes { columns: 2; column-gap: 2rem; margin: 1rem 0 1.5rem; padding: 1.25rem 1.5rem; list-style: none; background: var(--water); border-radius: 0.75rem; }
.codes li { padding: 0.2rem 0; break-inside: avoid; }
@media (max-width: 30rem) { .codes { columns: 1; } }
@media print { body { background: none; } main { border: 0; box-shadow: none; } form, nav, footer { display: none; } }
`;
