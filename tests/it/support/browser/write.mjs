// A person who knows no RDF signs in, writes a dataset with the form, mends three errors and publishes it.
import { strict as assert } from "node:assert";
import { WRONG, at as field, describe, isList, open } from "./desk.mjs";

const [atlas, catalogue, pictures] = process.argv.slice(2);
const { browser, watched, wrong } = await open();
const page = await watched();
const picture = async (name) => { if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` }); };

await page.goto(`${atlas}/sign-in/op?return_to=/account`);
await page.getByRole("link", { name: "Add a dataset" }).click();
const at = (name) => field(page, name);
await describe(page, catalogue, "Breast MRI in a browser");

// A term by typing and choosing with the keys alone.
const pick = async (name, words) => {
  if (await isList(page, name)) { await at(name).selectOption({ index: 1 }); return; }
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
const again = await watched();
await again.goto(address);
const there = (name) => field(again, name);
assert.equal(await there("dct:title|0|v").inputValue(), "Breast MRI in a browser");
assert.equal(await there("dcat:keyword|1|v").inputValue(), "MRI");

// Three errors: told in a summary with links, beside the fields, and mended.
await there("dct:title|0|v").fill("");
await again.getByRole("button", { name: "Publish", exact: true }).click();
await again.locator("#errors").waitFor();
await again.waitForFunction(() => document.activeElement.id === "errors");
for (const name of WRONG) {
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
