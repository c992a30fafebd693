// A person who knows no RDF signs in, writes a dataset with the form, mends three errors and publishes it.
import { chromium } from "playwright-core";
import { strict as assert } from "node:assert";

const [atlas, catalogue, pictures] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en" });
const page = await context.newPage();
page.setDefaultTimeout(60000);
const wrong = [];
page.on("pageerror", (error) => wrong.push(String(error)));
page.on("console", (message) => { if (message.type() === "error" && /Content Security|Refused/.test(message.text())) wrong.push(message.text()); });
const picture = async (name) => { if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` }); };

await page.goto(`${atlas}/sign-in/op?return_to=/account`);
await page.getByRole("link", { name: "Add a dataset" }).click();
const at = (name) => page.locator(`[id="${name}"]`);
const type = async (name, text) => { await at(name).fill(text); };
const choose = async (name, number = 1) => { await at(name).selectOption({ index: number }); };
await at("in").selectOption(catalogue);

await type("dct:title|0|v", "Breast MRI in a browser");
await type("dct:description|0|v", "Women before surgery.");
await type("dcat:version|0|v", "first");
await type("dcat:contactPoint|0|vcard:hasEmail|0|v", "data@hospital.example.org");
await type("dcat:distribution|0|dcat:accessURL|0|v", "https://hospital.example.org/images");
await type("dcat:distribution|0|dcatap:applicableLegislation|0|v", "http://data.europa.eu/eli/reg/2025/327/oj");
await type("dcat:distribution|0|dct:rights|0|v", "https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/access-conditions/#REMOTE_PROCESSING");
await type("dcatap:applicableLegislation|0|v", "http://data.europa.eu/eli/reg/2025/327/oj");
await type("dct:publisher|0|foaf:name|0|v", "Example hospital");
await type("dct:publisher|0|cv:contactPoint|0|cv:email|0|v", "office@hospital.example.org");
await choose("healthdcatap:hasStructuredData|0|v", 2);
await type("healthdcatap:numberOfUniqueIndividuals|0|v", "1 200");
await type("healthdcatap:numberOfRecords|0|v", "many");
await type("dct:provenance|0|rdfs:label|0|v", "From the archive.");
for (const key of ["eucaim:interoperabilityLevel", "dcat:theme", "healthdcatap:healthCategory", "dct:accessRights", "eucaim:hasBirthSex", "eucaim:collectionMethod", "eucaim:hasEquipmentManufacturer"]) {
  const control = at(`${key}|0|v`);
  if (await control.evaluate((one) => one.matches("select"))) await control.selectOption({ index: 1 });
  else {
    await page.locator(`button[value="find|${key}|0"]`).click();
    await page.locator(`button[value^="pick|${key}|0|"]`).first().click();
    await page.waitForFunction((name) => document.getElementById(name)?.value, `${key}|0|v`);
  }
}

// A term by typing and choosing with the keys alone.
const pick = async (name, words) => {
  if (await at(name).evaluate((one) => one.matches("select"))) { await choose(name); return; }
  await at(name).click();
  await at(name).pressSequentially(words, { delay: 20 });
  await page.locator(".suggestions:not([hidden]) li").first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  assert.notEqual(await at(name).inputValue(), "");
};
await pick("eucaim:hasCondition|0|v", "Malignant neoplasm of breast");
await pick("eucaim:hasImageModality|0|v", "magnetic");
await pick("eucaim:hasImageBodyPart|0|v", "breast");

// A term by browsing, without the page being left; and another row.
await page.evaluate(() => { window.still = true; });
await page.locator('button[value="find|dct:type|0"]').click();
await page.locator('button[value^="pick|dct:type|0|"]').first().click();
await page.waitForFunction(() => document.getElementById("dct:type|0|v")?.value);
await type("dcat:keyword|0|v", "breast");
await page.locator('button[value="add|dcat:keyword"]').click();
await page.locator('[id="dcat:keyword|1|v"]').waitFor({ state: "attached" });
assert.equal(await page.evaluate(() => window.still), true, "the page was loaded anew");
const focused = await page.evaluate(() => document.activeElement.id);
assert.equal(focused, "dcat:keyword|1|v");
await page.keyboard.type("MRI");
await picture("edit-form");

// What was typed in is kept; a closed tab loses nothing.
await page.waitForFunction(() => /Kept/.test(document.getElementById("kept").textContent));
const address = page.url();
await page.close({ runBeforeUnload: false });
const again = await context.newPage();
again.setDefaultTimeout(60000);
again.on("pageerror", (error) => wrong.push(String(error)));
await again.goto(address);
const there = (name) => again.locator(`[id="${name}"]`);
assert.equal(await there("dct:title|0|v").inputValue(), "Breast MRI in a browser");
assert.equal(await there("dcat:keyword|1|v").inputValue(), "MRI");

// Three errors: told in a summary with links, beside the fields, and mended.
await there("dct:title|0|v").fill("");
await again.getByRole("button", { name: "Publish", exact: true }).click();
await again.locator("#errors").waitFor();
await again.waitForFunction(() => document.activeElement.id === "errors");
for (const name of ["dct:title|0|v", "dcat:version|0|v", "healthdcatap:numberOfRecords|0|v"]) {
  assert.ok(await again.locator(`#errors a[href="#${name}"]`).count(), `${name}: ${await again.locator("#errors").innerText()}`);
}
if (pictures) await again.screenshot({ path: `${pictures}/edit-errors.png` });
await again.locator('#errors a[href="#dcat:version|0|v"]').first().click();
assert.equal(await again.evaluate(() => document.activeElement.id), "dcat:version|0|v");
await again.keyboard.press("Control+A");
await again.keyboard.type("1.0.0");
await there("dct:title|0|v").fill("Breast MRI in a browser");
await there("healthdcatap:numberOfRecords|0|v").fill("1500");
// The live check takes the word beside the field away.
await again.waitForFunction(() => document.getElementById("dcat:version|0|troubles").children.length === 0);
await again.getByRole("button", { name: "Publish", exact: true }).click();
await again.waitForURL((url) => url.pathname.startsWith("/dataset/")).catch(async (error) => {
  throw new Error(`${error.message}\n${await again.locator("#errors, .notice.bad").allInnerTexts()}`);
});
assert.ok((await again.locator("h1").innerText()).includes("Breast MRI in a browser"));
assert.ok(await again.getByRole("link", { name: "Change this record" }).count());
assert.deepEqual(wrong, []);
console.log(`published ${new URL(again.url()).pathname}`);
await browser.close();
