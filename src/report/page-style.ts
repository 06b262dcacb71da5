/** The style sheet of a report: light and dark, one column where there is little room. */
export const STYLE = `
:root{--bg:#f5f6f8;--surface:#fff;--ink:#1c2430;--muted:#5b6676;--line:#e3e7ed;--accent:#1f5fcc;--front:#d9480f;--bound:#b3261e;--hover:#eef3fb;color-scheme:light}
:root[data-theme=dark]{--bg:#0f131a;--surface:#181d26;--ink:#e8ecf2;--muted:#a3aebd;--line:#2d3542;--accent:#8ab4ff;--front:#ff9a5c;--bound:#ff8a80;--hover:#222a37;color-scheme:dark}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--surface);padding:.5rem 1rem;z-index:9}
header.top{max-width:82rem;margin:0 auto;padding:1.6rem 1.5rem .4rem;display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-end;justify-content:space-between}
header.top .brand{margin:0;color:var(--front);font-weight:700;font-size:.85rem;letter-spacing:.12em;text-transform:uppercase}
h1{font-size:clamp(1.5rem,3.5vw,2.1rem);line-height:1.2;margin:.1rem 0 0;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:0}
h3{font-size:1.05rem;margin:0}
.hint{color:var(--muted);font-size:.9rem;margin:.2rem 0 0;max-width:60rem}
main{max-width:82rem;margin:0 auto;padding:0 1.5rem 3rem}
section{background:var(--surface);border:1px solid var(--line);border-radius:14px;padding:1.2rem 1.3rem;margin:1rem 0}
section.plain{background:none;border:0;padding:0}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.8rem;margin:0}
.tiles div{background:var(--surface);border:1px solid var(--line);border-radius:14px;padding:.8rem 1.1rem}
.tiles dt{color:var(--muted);font-size:.88rem}
.tiles dd{margin:0;font-size:1.55rem;font-weight:650;line-height:1.3;overflow-wrap:anywhere}
.tiles dd small{font-size:.85rem;font-weight:400;color:var(--muted)}
.notice{border-left:5px solid var(--bound);padding:.8rem 1.1rem}
.bar{display:flex;flex-wrap:wrap;gap:.6rem 1.2rem;align-items:center;margin:.8rem 0 .4rem}
.bar fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1rem}
label{display:inline-flex;align-items:center;gap:.45rem;font-size:.92rem;max-width:100%}
label select,label input{min-width:0}
select,input[type=search],input[type=number],button{font:inherit;font-size:.92rem;color:var(--ink);background:var(--surface);border:1px solid var(--line);border-radius:8px;padding:.35rem .6rem;max-width:100%}
button{cursor:pointer}
button:hover,select:hover{border-color:var(--accent)}
button:disabled{opacity:.45;cursor:default}
input[type=number]{width:7.5rem}
input[aria-invalid=true]{border-color:var(--bound)}
input[type=checkbox]{width:1.05rem;height:1.05rem;accent-color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:6px}
.two{display:grid;grid-template-columns:minmax(0,1fr) 22rem;gap:1.4rem;align-items:start}
.chart{width:100%;min-height:12rem;overflow:hidden}
#chart-front{height:min(36rem,82vh);min-height:22rem}
.ring{position:absolute;left:-13px;top:-13px;width:26px;height:26px;border:2.5px solid var(--ink);border-radius:50%;pointer-events:none}.ring[hidden]{display:none}
.sign{display:inline-block;width:.95em;height:.95em;vertical-align:-.12em}
.details{border-left:1px solid var(--line);padding-left:1.4rem;min-height:10rem}
.details dl{display:grid;grid-template-columns:minmax(38%,1fr) fit-content(62%);gap:.1rem .9rem;margin:.5rem 0 .9rem;font-size:.92rem}
.details dt{color:var(--muted);overflow-wrap:anywhere}.details dd{margin:0;text-align:right;font-weight:600;overflow-wrap:anywhere}
.details dd small{display:block;font-weight:400;color:var(--muted)}
.details h4{margin:.9rem 0 .2rem;font-size:.82rem;letter-spacing:.06em;text-transform:uppercase;color:var(--muted)}
.details pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--bg);border-radius:8px;padding:.5rem .7rem;font-size:.82rem;margin:.3rem 0}
.badge{display:inline-flex;gap:.35rem;align-items:center;font-size:.85rem;color:var(--muted)}
.get{display:inline-block;background:var(--accent);color:var(--surface);border-radius:8px;padding:.4rem .8rem;text-decoration:none;font-weight:600;font-size:.92rem}
.scroll{overflow-x:auto;margin:0 -.3rem}
table.runs{border-collapse:collapse;width:100%;font-size:.9rem}
table.runs th{position:sticky;top:0;background:var(--surface);text-align:left;border-bottom:2px solid var(--line);padding:0;white-space:nowrap;vertical-align:bottom}
table.runs th button{border:0;background:none;font-weight:650;padding:.45rem .6rem;width:100%;text-align:inherit;font-size:.88rem}
table.runs th.number,table.runs td.number{text-align:right}
table.runs td{border-bottom:1px solid var(--line);padding:.32rem .6rem;white-space:nowrap}
table.runs tbody tr{cursor:pointer}
table.runs tbody tr:hover{background:var(--hover)}
table.runs tr[aria-selected=true]{background:var(--hover);box-shadow:inset 4px 0 0 var(--front)}
table.runs td button{border:0;background:none;padding:.1rem .3rem;color:var(--accent);font-size:inherit;text-decoration:underline}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));gap:.2rem 2.4rem;margin:.7rem 0}
.facts div{display:grid;grid-template-columns:11rem minmax(0,1fr);gap:.8rem;border-bottom:1px solid var(--line);padding:.3rem 0;font-size:.92rem}
.facts dt{color:var(--muted)}.facts dd{margin:0;overflow-wrap:anywhere}
.tip{font-size:13px;line-height:1.45}.tip table{border-collapse:collapse;margin-top:.25rem}.tip td{padding:0 .9rem 0 0}
.quiet{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.figures{border-collapse:collapse;font-size:.92rem;margin:.6rem 0}.figures th,.figures td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:right}.figures th:first-child,.figures td:first-child{text-align:left}
summary{cursor:pointer;font-size:.92rem;color:var(--muted)}.figures .strong{font-weight:700;color:var(--front)}
footer{max-width:82rem;margin:0 auto;padding:0 1.5rem 2rem;color:var(--muted);font-size:.88rem}
@media (max-width:62rem){.two{grid-template-columns:minmax(0,1fr)}.details{border-left:0;border-top:1px solid var(--line);padding:1rem 0 0}}
@media (max-width:40rem){.tiles{grid-template-columns:repeat(2,minmax(0,1fr))}.tiles div{padding:.6rem .8rem}.tiles dd{font-size:1.25rem}header.top,main,footer{padding-left:.8rem;padding-right:.8rem}section{padding:1rem .8rem}.facts div{grid-template-columns:8rem minmax(0,1fr)}}
@media print{section{break-inside:avoid}.bar,button{display:none}}
`;
