// Runs axe-core over the pages of a server, on a desktop and a phone, light and dark; walks all of them by keyboard alone, and asks a query so.
//   TOKEN=… ISSUER=… node check.mjs BASE BROWSER [FOLDER FOR SCREENSHOTS]
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import puppeteer from "puppeteer-core";
import { walk } from "./keyboard.mjs";
import { startProvider } from "./provider.mjs";

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
// What the pages for those who write need: a second version, a draft under review, one that was withdrawn.
const token = process.env.TOKEN;
const send = async (method, path, type, body) => {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": type, Accept: "*/*" };
  const answer = await fetch(base + path, { method, headers, body });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
};
const turtle = await (await fetch(base + record, { headers: { Accept: "text/turtle" } })).text();
const copy = (path) => turtle.replaceAll(`${base}${record}>`, `${base}${path}>`);
const run = Date.now().toString(36);
const draft = `/dataset/a-draft-${run}`;
const gone = `/dataset/a-withdrawn-${run}`;
await send("PUT", record, "text/turtle", turtle.replace(/(title[^"]*")/, "$1Second edition: "));
await send("PUT", `${draft}?state=draft`, "text/turtle", copy(draft));
await send("POST", `${draft}/review`, "application/json", JSON.stringify({ step: "submit" }));
await send("POST", `${draft}/review`, "application/json", JSON.stringify({ step: "comment", text: "Which scanner was it?" }));
await send("PUT", `${gone}?state=draft`, "text/turtle", copy(gone));
await send("PUT", `${gone}/meta/state`, "application/json", JSON.stringify({ current: "PUBLISHED" }));
await send("PUT", `${gone}/meta/state`, "application/json", JSON.stringify({ current: "WITHDRAWN" }));

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
  "search-narrowed": "/search?q=breast&sense=breast%7Cwords",
  container: "/dataset",
  "record-history": `${record}/history`,
  "record-difference": `${record}/difference?from=1&to=2`,
  "record-profiles": `${record}/profiles`,
  "record-preflight": `${record}/profiles/healthdcat-ap`,
  withdrawn: gone,
  "ontology-scheme": `/ontology?under=${encodeURIComponent("https://cancerimage.eu/ontology/EUCAIM#IMG1000009")}`,
  lookup: "/ontology/lookup?q=breast",
  preview: `/ontology/reconcile/preview?id=${encodeURIComponent("https://cancerimage.eu/ontology/EUCAIM#IMG1000038")}`,
  harvesting: "/oai",
  "desk-signed-out": "/edit",
  unsubscribe: "/unsubscribe",
  german: "/search?q=brust&lang=de",
};
/** Only who has signed in sees these, or sees more on them. */
const SIGNED_IN = {
  account: "/account",
  "my-area": "/my",
  "my-notifications": "/my/notifications",
  "my-settings": "/my/settings",
  "my-webhooks": "/my/webhooks",
  desk: "/edit",
  "form-new": "/edit/dataset/a-new-one",
  form: `/edit${record}`,
  sheets: "/sheets",
  reviews: "/reviews",
  review: `${draft}/review`,
  checks: "/checks",
  bulk: "/bulk",
  members: "/members",
  audit: "/audit",
  "record-signed-in": record,
  "draft-signed-in": draft,
  "history-signed-in": `${record}/history`,
  "catalogue-signed-in": catalogue,
};

const browser = await puppeteer.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
const problems = [];
let checked = 0;
const quiet = new Set(["missing", "sparql-failed", "withdrawn", "unsubscribe"]);
const show = (page, scheme) => page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }, { name: "prefers-reduced-motion", value: "reduce" }]);

async function check(page, screen, name, path) {
  const complaints = [];
  const listen = (message) => { if (/Content Security Policy|Error/.test(message.text()) && !quiet.has(name)) complaints.push(message.text()); };
  page.on("console", listen);
  await show(page, SCHEMES[0]);
  await page.goto(base + path, { waitUntil: "networkidle0" });
  if (folder) {
    for (const scheme of SCHEMES) {
      await show(page, scheme);
      await page.screenshot({ path: `${folder}/${name}-${screen}-${scheme}.png`, fullPage: name.startsWith("sparql-") });
    }
  }
  await page.evaluate(() => { for (const fold of document.querySelectorAll("details")) fold.open = true; });
  await page.evaluate(axe);
  for (const scheme of SCHEMES) {
    await show(page, scheme);
    const result = await page.evaluate((tags) => axe.run(document, { runOnly: tags, resultTypes: ["violations"] }), TAGS);
    checked += 1;
    for (const violation of result.violations) {
      for (const node of violation.nodes.slice(0, 3)) {
        problems.push(`${name} (${screen}, ${scheme}): ${violation.id}: ${violation.help}\n    ${node.html.slice(0, 160)}\n    ${(node.failureSummary ?? "").replaceAll("\n", " ").slice(0, 240)}`);
      }
    }
  }
  page.off("console", listen);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 1) problems.push(`${name} (${screen}): ${wide} pixels wider than the screen`);
  for (const complaint of complaints) problems.push(`${name} (${screen}): the browser says: ${complaint}`);
  // An editor takes Tab for itself until Escape; it is walked below.
  if (screen === "desktop" && !name.startsWith("sparql")) {
    for (const problem of await walk(page)) problems.push(`${name} (keyboard): ${problem}`);
  }
}

async function checkAll(context, pages) {
  for (const [screen, viewport] of Object.entries(SCREENS)) {
    const page = await context.newPage();
    await page.setViewport(viewport);
    for (const [name, path] of Object.entries(pages)) {
      try {
        await check(page, screen, name, path);
      } catch (error) {
        problems.push(`${name} (${screen}): ${error.message}`);
      }
    }
    await page.close();
  }
}

const only = process.env.ONLY ? process.env.ONLY.split(",") : null;
const chosen = (pages) => Object.fromEntries(Object.entries(pages).filter(([name]) => !only || only.includes(name)));
await checkAll(browser.defaultBrowserContext(), chosen(PAGES));

// Signed in, in a browser of its own.
const person = { sub: "anatomist", name: "Andreas van Wesel", email: "andreas@example.org", email_verified: true };
const provider = await startProvider(process.env.ISSUER, person);
const own = await browser.createBrowserContext();
const door = await own.newPage();
await door.goto(`${base}/sign-in/desk`, { waitUntil: "networkidle0" });
await door.goto(`${base}/account`, { waitUntil: "networkidle0" });
if (!(await door.content()).includes(person.name)) problems.push(`signing in: ${door.url()} does not know ${person.name}`);
await door.close();
await checkAll(own, chosen(SIGNED_IN));
await own.close();
provider.close();

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
