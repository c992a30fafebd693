// People who know no RDF, with or without script: an author writes and hands in, a reviewer asks for a change, the
// author makes it, the reviewer publishes. Which part is played is said by the first argument.
import { strict as assert } from "node:assert";
import { WRONG, at as field, button as named, describe, open, pick } from "./desk.mjs";

const [part, atlas, place, title, scripted, pictures] = process.argv.slice(2);
const { browser, watched, wrong } = await open({ scripted: scripted === "with" });
const page = await watched();
const picture = async (name) => { if (pictures) await page.screenshot({ path: `${pictures}/${name}-${scripted}.png`, fullPage: true }); };
const at = (name) => field(page, name);
const type = async (name, text) => { await at(name).fill(text); };
const button = (value) => named(page, value);
const sent = async (press) => { await Promise.all([page.waitForNavigation(), press()]); };

const write = async () => {
  await page.goto(`${atlas}/sign-in/op?return_to=/my`);
  await page.getByRole("link", { name: "What I am writing" }).click();
  await page.goto(`${atlas}/edit/new?kind=dataset`);
  await describe(page, place, "");
  await pick(page, "dct:type");
  await pick(page, "eucaim:hasCondition", "Malignant neoplasm of breast");
  await pick(page, "eucaim:hasImageModality", "magnetic");
  await pick(page, "eucaim:hasImageBodyPart", "breast");
  // It is not handed in: three errors, each with a link to its field.
  await sent(() => button("submit").click());
  for (const name of WRONG) {
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
