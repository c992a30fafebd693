// Runs axe-core over the pages of a server, on a desktop and a phone, light and dark; then walks the query page by keyboard alone.
//   node check.mjs BASE BROWSER [FOLDER FOR SCREENSHOTS]
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";

const [base, browserPath, folder] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const SCREENS = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844, isMobile: true, hasTouch: true } };
const SCHEMES = ["light", "dark"];
const STEPS_MAX = 200;

const query = (text) => `/sparql?query=${encodeURIComponent(text)}`;
const DATASET = "http://www.w3.org/ns/dcat#Dataset";
const json = async (path) => (await fetch(base + path, { headers: { Accept: "application/sparql-results+json, application/json" } })).json();
const first = async (text, name) => (await json(query(text))).results.bindings[0][name].value;

const record = new URL(await first(`SELECT ?d { ?d a <${DATASET}> } ORDER BY ?d LIMIT 1`, "d")).pathname;
const catalogue = new URL(await first("SELECT ?c { ?c a <http://www.w3.org/ns/dcat#Catalog> } ORDER BY DESC(?c) LIMIT 1", "c")).pathname;
const some = (await json(query(`SELECT ?d { ?d a <${DATASET}> } ORDER BY ?d LIMIT 3`))).results.bindings.map((row) => `id=${encodeURIComponent(row.d.value)}`);
const perCountry = `SELECT ?country (COUNT(?d) AS ?n) { ?d a <${DATASET}> ; <http://purl.org/dc/terms/spatial> ?country } GROUP BY ?country`;
const PAGES = {
  home: "/",
  search: "/search?q=breast",
  "search-facets": "/search?modality=IMG1000038&subjects=200..&sort=largest",
  "search-nothing": "/search?q=brest+mamography+zzz",
  compare: `/compare?${some.join("&")}`,
  similar: `/search/similar?${some[0]}`,
  statistics: "/statistics",
  "sign-in": "/sign-in",
  catalogues: "/catalog",
  catalogue,
  record,
  ontology: "/ontology",
  concept: "/ontology/IMG1000038",
  sparql: "/sparql",
  "sparql-table": query(perCountry),
  "sparql-graph": query(`CONSTRUCT { ?d ?p ?o } { { SELECT ?d { ?d a <${DATASET}> } LIMIT 2 } ?d ?p ?o }`),
  "sparql-failed": query("SELECT * WHERE {\n  ?d a dcat:Dataset\n}"),
  quality: "/quality",
  validate: "/validate",
  about: "/about",
  missing: "/dataset/nothing-here",
};

const browser = await puppeteer.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const problems = [];
let checked = 0;
for (const [screen, viewport] of Object.entries(SCREENS)) {
  for (const scheme of SCHEMES) {
    const page = await browser.newPage();
    await page.setViewport(viewport);
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);
    for (const [name, path] of Object.entries(PAGES)) {
      const complaints = [];
      const listen = (message) => { if (/Content Security Policy|Error/.test(message.text()) && name !== "missing" && name !== "sparql-failed") complaints.push(message.text()); };
      page.on("console", listen);
      await page.goto(base + path, { waitUntil: "networkidle0" });
      if (folder) await page.screenshot({ path: `${folder}/${name}-${screen}-${scheme}.png`, fullPage: name.startsWith("sparql-") });
      await page.evaluate(() => { for (const fold of document.querySelectorAll("details")) fold.open = true; });
      await page.evaluate(axe);
      const result = await page.evaluate((tags) => axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS);
      page.off("console", listen);
      checked += 1;
      for (const violation of result.violations) {
        for (const node of violation.nodes.slice(0, 3)) {
          problems.push(`${name} (${screen}, ${scheme}): ${violation.id}: ${violation.help}\n    ${node.html.slice(0, 160)}\n    ${(node.failureSummary ?? "").replaceAll("\n", " ").slice(0, 240)}`);
        }
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 1) problems.push(`${name} (${screen}, ${scheme}): ${wide} pixels wider than the screen`);
      for (const complaint of complaints) problems.push(`${name} (${screen}, ${scheme}): the browser says: ${complaint}`);
    }
    await page.close();
  }
}

// By keyboard alone: reach the box, type, reach the button, run, and reach the result.
const page = await browser.newPage();
await page.goto(`${base}/sparql`, { waitUntil: "networkidle0" });
const focus = () => page.evaluate(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return { tag: at?.tagName, name: at?.getAttribute("role") ?? at?.getAttribute("name") ?? "", submit: at?.matches("form[action$='/sparql'] button[type=submit]") ?? false };
});
const tabTo = async (what, wanted) => {
  for (let step = 0; step < STEPS_MAX; step += 1) {
    await page.keyboard.press("Tab");
    if (wanted(await focus())) return true;
  }
  problems.push(`keyboard: ${what} cannot be reached with Tab`);
  return false;
};
if (await tabTo("the query", (at) => at.name === "query" || at.name === "textbox")) {
  await page.keyboard.type("ASK {}");
  await page.keyboard.press("Escape");
  if (await tabTo("the button", (at) => at.submit)) {
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
    const result = await page.$("#result");
    if (!result) problems.push("keyboard: the query gives no result");
  }
}
await browser.close();

console.log(`${checked} views checked, ${problems.length} problems`);
for (const problem of problems) console.log(`- ${problem}`);
process.exit(problems.length ? 1 : 0);
