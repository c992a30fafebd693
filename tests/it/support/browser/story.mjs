// People who know no RDF, with or without script: an author writes and hands in, a reviewer asks for a change, the
// author makes it, the reviewer publishes. Which part is played is said by the first argument.
import { chromium } from "playwright-core";
import { strict as assert } from "node:assert";

const [part, atlas, place, title, scripted, pictures] = process.argv.slice(2);
const javaScriptEnabled = scripted === "with";
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en", javaScriptEnabled });
const page = await context.newPage();
page.setDefaultTimeout(60000);
const wrong = [];
page.on("pageerror", (error) => wrong.push(String(error)));
page.on("console", (message) => { if (message.type() === "error" && /Content Security|Refused/.test(message.text())) wrong.push(message.text()); });
const picture = async (name) => { if (pictures) await page.screenshot({ path: `${pictures}/${name}-${scripted}.png`, fullPage: true }); };
const at = (name) => page.locator(`[id="${name}"]`);
const type = async (name, text) => { await at(name).fill(text); };
const isList = async (name) => (await page.locator(`select[id="${name}"]`).count()) > 0;
const button = (value) => page.locator(`form.edit button[name="do"][value="${value}"]`).last();
const sent = async (press) => { await Promise.all([page.waitForNavigation(), press()]); };

// A term is looked up by a button: the form comes back with what may be meant, and keeps everything else.
const pick = async (key, words = "") => {
  const name = `${key}|0|v`;
  if (await isList(name)) { await at(name).selectOption({ index: 1 }); return; }
  if (words) await type(name, words);
  await button(`find|${key}|0`).click();
  await page.locator(`button[value^="pick|${key}|0|"]`).first().click();
  await page.locator(`input[name="${key}|0|k"]`).waitFor({ state: "attached" });
};

const write = async () => {
  await page.goto(`${atlas}/sign-in/op?return_to=/my`);
  await page.getByRole("link", { name: "What I am writing" }).click();
  await page.goto(`${atlas}/edit/new?kind=dataset`);
  await at("in").selectOption(place);
  await type("dct:title|0|v", "");
  await type("dct:description|0|v", "Women before surgery.");
  await type("dcat:version|0|v", "first");
  await type("dcat:contactPoint|0|vcard:hasEmail|0|v", "data@hospital.example.org");
  await type("dcat:distribution|0|dcat:accessURL|0|v", "https://hospital.example.org/images");
  await type("dcat:distribution|0|dcatap:applicableLegislation|0|v", "http://data.europa.eu/eli/reg/2025/327/oj");
  await type("dcat:distribution|0|dct:rights|0|v", "https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/access-conditions/#REMOTE_PROCESSING");
  await type("dcatap:applicableLegislation|0|v", "http://data.europa.eu/eli/reg/2025/327/oj");
  await type("dct:publisher|0|foaf:name|0|v", "Example hospital");
  await type("dct:publisher|0|cv:contactPoint|0|cv:email|0|v", "office@hospital.example.org");
  await at("healthdcatap:hasStructuredData|0|v").selectOption({ index: 2 });
  await type("healthdcatap:numberOfUniqueIndividuals|0|v", "1 200");
  await type("healthdcatap:numberOfRecords|0|v", "many");
  await type("dct:provenance|0|rdfs:label|0|v", "From the archive.");
  await type("dcat:keyword|0|v", "breast");
  for (const key of ["eucaim:interoperabilityLevel", "dcat:theme", "healthdcatap:healthCategory", "dct:accessRights", "eucaim:hasBirthSex", "eucaim:collectionMethod", "eucaim:hasEquipmentManufacturer", "dct:type"]) await pick(key);
  await pick("eucaim:hasCondition", "Malignant neoplasm of breast");
  await pick("eucaim:hasImageModality", "magnetic");
  await pick("eucaim:hasImageBodyPart", "breast");
  // It is not handed in: three errors, each with a link to its field.
  await sent(() => button("submit").click());
  for (const name of ["dct:title|0|v", "dcat:version|0|v", "healthdcatap:numberOfRecords|0|v"]) {
    assert.ok(await page.locator(`#errors a[href="#${name}"]`).count(), `${name}: ${await page.locator("#errors").innerText()}`);
  }
  assert.ok((await at("dcat:version|0|troubles").innerText()).includes("1.0.0"));
  assert.ok((await page.locator(".notice.bad").first().innerText()).includes("was not handed in"));
  await picture("story-errors");
  await type("dct:title|0|v", title);
  await type("dcat:version|0|v", "1.0.0");
  await type("healthdcatap:numberOfRecords|0|v", "1500");
  await sent(() => button("submit").click());
  assert.match(page.url(), /\/review$/, await page.locator("main").innerText());
  assert.ok((await page.locator(".badge").first().innerText()).includes("review"));
  await picture("story-handed-in");
  return new URL(page.url()).pathname.replace(/\/review$/, "");
};

const ask = async () => {
  await page.goto(`${atlas}/sign-in/op?return_to=/my`);
  await page.getByRole("link", { name: title }).first().click();
  assert.match(page.url(), /\/review$/);
  await page.locator("#text").fill("Say how many were treated before.");
  await page.locator("#field").selectOption("http://purl.org/dc/terms/description");
  await sent(() => page.getByRole("button", { name: "Ask for changes" }).click());
  await picture("story-asked");
  return place;
};

const change = async () => {
  await page.goto(`${atlas}/sign-in/op?return_to=/my`);
  await page.getByRole("link", { name: title }).first().click();
  assert.ok((await page.locator("main").innerText()).includes("Say how many"));
  await page.goto(`${atlas}/edit${place}`);
  const asked = page.locator('section[aria-labelledby="requests"]');
  assert.ok((await asked.innerText()).includes("Say how many were treated before."));
  assert.equal(await asked.getByRole("link").getAttribute("href"), "#dct:description|0|v");
  await picture("story-change");
  await type("dct:description|0|v", "Women before surgery; 40 of them were treated before.");
  await sent(() => button("submit").click());
  assert.match(page.url(), /\/review$/);
  return place;
};

const publish = async () => {
  await page.goto(`${atlas}/sign-in/op?return_to=/reviews`);
  await page.getByRole("link", { name: title }).click();
  await sent(() => page.getByRole("button", { name: "Publish", exact: true }).click());
  await page.goto(`${atlas}${place}`);
  assert.ok((await page.locator("h1").innerText()).includes(title));
  return place;
};

const parts = { write, ask, change, publish };
const said = await parts[part]();
assert.deepEqual(wrong, []);
console.log(`${part} ${said}`);
await browser.close();
