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
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.86em;background:var(--code);border-radius:4px;padding:.1em .35em;overflow-wrap:anywhere;-webkit-box-decoration-break:clone;box-decoration-break:clone}
a{color:var(--link);text-underline-offset:.2em;overflow-wrap:anywhere}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:4px}
p,ul,dl{margin:0 0 .6rem}
ul{list-style:none;padding:0}
h1,h2,h3{line-height:1.25;margin:0;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin-bottom:.6rem}
h3{font-size:1rem;margin:1rem 0 .4rem}
small,.sub,.note{color:var(--soft);font-size:.86rem;font-weight:400}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:1rem;top:-4rem;background:var(--sheet);padding:.6rem 1rem;border:2px solid var(--link);border-radius:6px;z-index:1}
.skip:focus{top:1rem}
.page{max-width:76rem;margin:0 auto;padding:0 1.25rem 1rem}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;justify-content:space-between;padding:.8rem 0}
header p{margin:0;overflow-wrap:anywhere}
.brand{font-weight:700}
.brand span{font-weight:400}
.brand span,.when,footer{color:var(--soft);font-size:.88rem}
section,details{background:var(--sheet);border:1px solid var(--line);border-radius:10px;padding:1rem 1.25rem;margin:0 0 .75rem;overflow-wrap:anywhere}
section>:last-child,section>:last-child>:last-child,li>:last-child,td>:last-child{margin-bottom:0}
details{padding-block:.6rem}
details+details{margin-top:-.5rem}
summary{cursor:pointer}
section details{background:none;border:0;padding:0;margin:0 0 .6rem}
section summary{color:var(--link);font-size:.93rem;padding:.2rem 0}
summary h2{display:inline;font-size:1rem}
details[open] summary{margin-bottom:.6rem}
.banner{display:flex;gap:.75rem;background:var(--warn-ground);color:var(--warn);border:2px dashed currentColor;border-radius:10px;padding:.6rem 1.25rem;margin:0 0 .75rem;font-weight:600;overflow-wrap:anywhere}
.icon{flex:none;vertical-align:-.15em}
.verdict{border-left:8px solid var(--tone);background:var(--tone-ground)}
.verdict h1{display:flex;align-items:baseline;gap:.35rem 1rem;font-size:clamp(1.2rem,1rem + 1vw,1.55rem)}
.verdict h1 .word{flex:none;display:inline-flex;align-items:center;gap:.5rem;background:var(--tone);color:var(--tone-ground);border-radius:8px;padding:.15em .6em;letter-spacing:.03em}
.app{font-size:1.1rem;font-weight:600;margin:.6rem 0 0}
.verdict code{background:none;padding:0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(11rem,100%),1fr));gap:.5rem 1.5rem;border-top:1px solid var(--line);padding-top:.6rem}
dt{color:var(--soft);font-size:.86rem}
dd{margin:0}
.tiles dd{font-weight:600}
.good{--tone:var(--good);--tone-ground:var(--good-ground)}
.bad{--tone:var(--bad);--tone-ground:var(--bad-ground)}
.warn{--tone:var(--warn);--tone-ground:var(--warn-ground)}
.held{--tone:var(--held);--tone-ground:var(--held-ground)}
.neutral{--tone:var(--neutral);--tone-ground:var(--neutral-ground)}
.chip{display:inline-flex;align-items:center;gap:.3rem;color:var(--tone);background:var(--tone-ground);border:1px solid currentColor;border-radius:999px;padding:0 .55rem 0 .4rem;font-size:.82rem;font-weight:600;white-space:nowrap}
.chip .icon{width:.8rem;height:.8rem}
.steps li+li{border-top:1px solid var(--line);padding-top:.6rem}
.steps p{margin-bottom:.3rem}
.names{display:flex;flex-wrap:wrap;gap:.3rem}
.pairs div{display:grid;grid-template-columns:minmax(9rem,15rem) 1fr;gap:0 1.25rem;padding:.15rem 0}
table{width:100%;border-collapse:collapse;margin:0 0 .6rem;font-size:.93rem}
th,td{text-align:left;vertical-align:baseline;padding:.2rem .75rem .2rem 0;border-top:1px solid var(--faint)}
th:last-child,td:last-child{padding-right:0}
thead th{border-top:0;border-bottom:1px solid var(--line);color:var(--soft);font-size:.86rem}
thead th.wide{color:var(--text)}
tbody th{font-weight:600}
.wide{width:60%}
.narrow{width:1%;overflow-wrap:normal}
.term{width:1%;white-space:nowrap;overflow-wrap:normal}
.stack{overflow-wrap:break-word}
.stack .term code{overflow-wrap:normal}
.place{width:40%;overflow-wrap:anywhere;color:var(--soft);font-size:.86rem}
.tag{color:var(--soft);border:1px solid var(--line);border-radius:4px;padding:0 .35em;font-size:.78rem;font-weight:600;white-space:nowrap}
.number{text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:normal}
.grid{columns:2 24rem;column-gap:2.5rem}
.grid>div{break-inside:avoid}
.grid table{table-layout:fixed}
.grid .wide{width:auto}
.grid .narrow{width:4.9rem}
.grid .wide+.narrow{width:10rem}
.grid tbody th{font-weight:400}
.timeline{display:block;overflow:visible;margin-bottom:.6rem}
.timeline .track{fill:var(--faint)}
.timeline .bar{fill:var(--bar)}
.filter label{cursor:pointer}
body:has(#unmet:checked) .matrix tr.good{display:none}
.scroll{overflow-x:auto;position:relative}
.sideways{display:none}
.matrix{width:auto;min-width:100%}
.matrix thead th{vertical-align:bottom}
.matrix tbody *{vertical-align:top}
.matrix tbody th{font-weight:400;min-width:9rem}
.matrix .tall span{writing-mode:vertical-rl;transform:rotate(180deg);max-height:14rem;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.matrix .tall,.matrix .mark,.matrix tfoot td{padding:.2rem .35rem;text-align:center}
.matrix .mark{color:var(--tone);background:var(--tone-ground);border-left:2px solid var(--sheet)}
.matrix .chip{min-width:4.5rem}
.day{font-variant-numeric:tabular-nums;white-space:nowrap;margin-right:.3rem}
.trend{display:block;margin-bottom:.3rem}
.trend .met{fill:var(--good)}
.trend .lifted{fill:var(--held)}
.trend .lost{fill:var(--bad);opacity:.55}
@media screen and (max-width:44rem){
  .page{padding:0 .6rem 1rem}
  section,details{padding-inline:.85rem}
  .verdict h1{flex-wrap:wrap}
  .tiles{grid-template-columns:repeat(2,minmax(0,1fr))}
  .pairs div{grid-template-columns:1fr}
  small{display:block}
  .stack,.stack tbody{display:block}
  .stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
  .stack tr{display:flex;flex-wrap:wrap;align-items:baseline;gap:.1rem .6rem;padding:.4rem 0;border-top:1px solid var(--faint)}
  .stack th,.stack td{width:auto;padding:0;border:0}
  .stack td{flex-basis:100%}
  .stack .narrow{flex-basis:auto}
  .stack .term{white-space:normal;overflow-wrap:anywhere}
  .stack td:empty{display:none}
  table{font-size:.88rem}
  .grid .narrow{width:3.9rem;font-size:.82rem;padding-right:.2rem}
  .grid .wide+.narrow{width:7.1rem}
  .grid .stack .narrow{width:auto}
  .grid .stack .wide{flex-basis:100%}
  .grid .stack .narrow+.narrow:not(:empty)::before{content:'· ';color:var(--soft)}
  .sideways{display:block}
  .matrix .tall,.matrix .mark,.matrix tfoot td{padding-inline:.1rem}
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
  .skip,.filter{display:none}
  section,details{border-radius:0;border-width:0 0 1px;padding:0 0 3mm}
  .verdict{padding:3mm;border-width:1px 1px 1px 8px}
  details::details-content{content-visibility:visible;block-size:auto}
  h2,h3{break-after:avoid}
  tr,li,.tiles div,.pairs div{break-inside:avoid}
}
`;
