/**
 * The style sheet of the HTML report. One file, no fonts and no images of its own, because the page may load nothing.
 *
 * Colours: every text is at least 4.5:1 on its ground in both schemes, graphics at least 3:1 (WCAG 2.2 §1.4.3, §1.4.11); a browser test
 * measures it. A word and a sign show each state; the colour only repeats it.
 */
export const STYLE = `
:root{
  color-scheme:light dark;
  --ground:#f4f6f8; --sheet:#fff; --text:#17212b; --soft:#4d5b69; --line:#d4dbe2; --faint:#e9edf1;
  --link:#0b55a4; --bar:#0b5cad; --focus:#0b55a4; --code:#eef1f4;
  --good:#0a6239; --good-ground:#e3f4ea; --bad:#a3150f; --bad-ground:#fdeae8;
  --warn:#744600; --warn-ground:#fff1d2; --held:#3d3a94; --held-ground:#ebeafb;
  --neutral:#414f5c; --neutral-ground:#e9edf1;
}
@media (prefers-color-scheme:dark){:root{
  --ground:#0f151b; --sheet:#182029; --text:#e8edf2; --soft:#a9b6c3; --line:#33404c; --faint:#232e38;
  --link:#8cc0ff; --bar:#6aa9f2; --focus:#ffd479; --code:#232e38;
  --good:#7fe0aa; --good-ground:#12301f; --bad:#ffa8a1; --bad-ground:#3d1715;
  --warn:#ffd27a; --warn-ground:#362a0d; --held:#bdbaff; --held-ground:#26244d;
  --neutral:#c3ced8; --neutral-ground:#283440;
}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
body{margin:0;background:var(--ground);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
code,kbd{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.86em;background:var(--code);border-radius:4px;padding:.1em .35em;overflow-wrap:anywhere;-webkit-box-decoration-break:clone;box-decoration-break:clone}
a{color:var(--link);text-underline-offset:.2em}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
p,ul,dl{margin:0 0 1rem}
h1,h2,h3{line-height:1.25;margin:0;text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin-bottom:1rem}
h3{font-size:1rem;margin:1.5rem 0 .6rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:1rem;top:-4rem;background:var(--sheet);padding:.6rem 1rem;border:2px solid var(--link);border-radius:6px;z-index:1}
.skip:focus{top:1rem}
.page{max-width:76rem;margin:0 auto;padding:0 1.25rem 3rem}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;justify-content:space-between;padding:1.5rem 0 1rem}
header p{margin:0;overflow-wrap:anywhere}
.brand{font-weight:700;letter-spacing:.01em}
.brand span{font-weight:400;color:var(--soft)}
.when{color:var(--soft);font-size:.92rem}
nav ul{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;padding:0;margin:0 0 1rem}
nav a{display:block;padding:.3rem .8rem;border:1px solid var(--line);border-radius:999px;background:var(--sheet);text-decoration:none;font-size:.9rem}
nav a:hover{border-color:currentColor;text-decoration:underline}
section,.verdict{background:var(--sheet);border:1px solid var(--line);border-radius:12px;padding:1.5rem;margin:0 0 1.25rem;scroll-margin-top:1rem}
section>:last-child,section>:last-child>:last-child{margin-bottom:0}
.banner{display:flex;gap:.75rem;align-items:flex-start;background:var(--warn-ground);color:var(--warn);border:2px dashed currentColor;border-radius:12px;padding:.9rem 1.25rem;margin:0 0 1.25rem;font-weight:600;overflow-wrap:anywhere}
.banner .icon{margin-top:.3rem}
.icon{flex:none;vertical-align:-.15em}
.verdict{border-left:8px solid var(--tone);background:linear-gradient(var(--tone-ground),var(--tone-ground)) no-repeat,var(--sheet);background-size:100% 100%}
.verdict h1{display:flex;flex-wrap:wrap;align-items:center;gap:.35rem 1rem;font-size:clamp(1.3rem,1rem + 1.6vw,1.9rem);color:var(--text)}
.verdict h1 .word{display:inline-flex;align-items:center;gap:.5rem;background:var(--tone);color:var(--tone-ground);border-radius:8px;padding:.2em .6em;letter-spacing:.03em}
.verdict h1 .icon{width:1em;height:1em}
.app{font-size:1.05rem;margin:.75rem 0 1.25rem;overflow-wrap:anywhere}
.app strong{font-size:1.1rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.75rem;margin:0}
.tiles div{background:var(--sheet);border:1px solid var(--line);border-radius:8px;padding:.7rem .9rem}
.tiles dt{color:var(--soft);font-size:.82rem}
.tiles dd{margin:0;font-weight:600;overflow-wrap:anywhere}
.good{--tone:var(--good);--tone-ground:var(--good-ground)}
.bad{--tone:var(--bad);--tone-ground:var(--bad-ground)}
.warn{--tone:var(--warn);--tone-ground:var(--warn-ground)}
.held{--tone:var(--held);--tone-ground:var(--held-ground)}
.neutral{--tone:var(--neutral);--tone-ground:var(--neutral-ground)}
.chip{display:inline-flex;align-items:center;gap:.35rem;color:var(--tone);background:var(--tone-ground);border:1px solid currentColor;border-radius:999px;padding:.08rem .65rem .08rem .5rem;font-size:.85rem;font-weight:600;white-space:nowrap}
.chip .icon{width:.85rem;height:.85rem}
.why{list-style:none;padding:0}
.why li{margin-bottom:.6rem}
.why span{display:block;border-left:4px solid var(--tone,var(--line));padding:.15rem 0 .15rem .9rem;overflow-wrap:anywhere}
.pairs{display:grid;gap:.1rem}
.pairs div{display:grid;grid-template-columns:minmax(9rem,15rem) 1fr;gap:.1rem 1.25rem;padding:.35rem 0;border-top:1px solid var(--faint)}
.pairs div:first-child{border-top:0}
.pairs dt{color:var(--soft)}
.pairs dd{margin:0;overflow-wrap:anywhere;min-width:0}
table{width:100%;border-collapse:collapse;margin:0 0 1rem;font-size:.95rem}
th,td{text-align:left;vertical-align:top;padding:.6rem .75rem;border-top:1px solid var(--line);overflow-wrap:anywhere}
thead th{border-top:0;border-bottom:2px solid var(--line);color:var(--soft);font-size:.82rem;font-weight:600;padding-top:0;overflow-wrap:normal}
tbody tr:first-child>*{border-top:0}
tbody th{font-weight:600}
th:first-child,td:first-child{padding-left:0}
th:last-child,td:last-child{padding-right:0}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
@media print,(min-width:44.01rem){.wide{width:45%}.even{table-layout:fixed}.even th:nth-child(-n+2){width:36%}.even th:last-child{width:11%}}
.sub{display:block;color:var(--soft);font-weight:400;font-size:.88rem}
.sub+.sub,.todo{margin-top:.35rem}
.todo{display:block}
.note{color:var(--soft)}
.findings{list-style:none;padding:0}
.findings li{border-top:1px solid var(--line);padding:1rem 0;overflow-wrap:anywhere}
.findings li:first-child{border-top:0;padding-top:0}
.findings li:last-child{padding-bottom:0}
.findings p{margin:.4rem 0 0}
.findings .head{display:flex;flex-wrap:wrap;gap:.4rem .75rem;align-items:center;margin:0}
.names{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;padding:0}
.timeline{display:block;overflow:visible;margin-bottom:1.25rem}
.timeline .track{fill:var(--faint)}
.timeline .bar{fill:var(--bar)}
footer{color:var(--soft);font-size:.88rem;padding:.5rem 0;overflow-wrap:anywhere}
@media screen and (max-width:44rem){
  .page{padding:0 .75rem 2rem}
  section,.verdict{padding:1.1rem 1rem;border-radius:10px}
  .tiles{grid-template-columns:repeat(2,minmax(0,1fr))}
  .pairs div{grid-template-columns:1fr}
  table,tbody,tr,tbody th,tbody td{display:block;width:auto}
  thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
  tbody tr{border:1px solid var(--line);border-radius:8px;padding:.7rem .85rem;margin-bottom:.7rem}
  tbody th,tbody td{border:0;padding:.2rem 0}
  tbody th{font-size:1rem}
  .number{text-align:left}
  tbody td::before{content:attr(data-label);display:block;color:var(--soft);font-size:.8rem}
  tbody td:empty{display:none}
  .even tbody td{display:grid;grid-template-columns:7rem minmax(0,1fr);align-items:baseline}
}
@media (forced-colors:active){.chip,.verdict,.banner,.verdict h1 .word{border:1px solid CanvasText}.timeline .bar{fill:CanvasText}}
@media print{
  :root{
    --ground:#fff; --sheet:#fff; --text:#000; --soft:#3c4650; --line:#b8c1c9; --faint:#e4e8ec; --link:#000; --bar:#333; --code:#f3f4f6;
    --good:#0a6239; --good-ground:#e3f4ea; --bad:#a3150f; --bad-ground:#fdeae8; --warn:#744600; --warn-ground:#fff1d2;
    --held:#3d3a94; --held-ground:#ebeafb; --neutral:#414f5c; --neutral-ground:#e9edf1;
  }
  @page{margin:14mm}
  html{font-size:9.5pt}
  body{font-size:1rem;-webkit-print-color-adjust:exact;print-color-adjust:exact}
  .page{max-width:none;padding:0}
  nav,.skip{display:none}
  section,.verdict{border-radius:0;padding:0 0 4mm;margin:0 0 5mm;border-width:0 0 1px}
  .verdict{padding:4mm;border-width:1px 1px 1px 8px}
  h2,h3{break-after:avoid}
  tbody tr:first-child{break-before:avoid}
  tr,.findings li,.why li,.tiles div,.pairs div{break-inside:avoid}
  thead{display:table-header-group}
}
`;
