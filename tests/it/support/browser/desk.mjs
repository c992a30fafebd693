// What the people of all scripts do alike: open a browser, sign in, describe a dataset in the form.
import { chromium } from "playwright-core";

// A browser with a page, and what went wrong in it.
export const open = async ({ scripted = true } = {}) => {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
  const context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en", javaScriptEnabled: scripted });
  const wrong = [];
  const watched = async () => {
    const page = await context.newPage();
    page.setDefaultTimeout(60000);
    page.on("pageerror", (error) => wrong.push(String(error)));
    page.on("console", (message) => { if (message.type() === "error" && /Content Security|Refused/.test(message.text())) wrong.push(message.text()); });
    return page;
  };
  return { browser, watched, wrong };
};

export const at = (page, name) => page.locator(`[id="${name}"]`);
export const isList = async (page, name) => (await page.locator(`select[id="${name}"]`).count()) > 0;
export const button = (page, value) => page.locator(`form.edit button[name="do"][value="${value}"]`).last();

// The three that are wrong, by their fields.
export const WRONG = ["dct:title|0|v", "dcat:version|0|v", "healthdcatap:numberOfRecords|0|v"];

// A term is looked up by a button: the form comes back with what may be meant, and keeps everything else.
export const pick = async (page, key, words = "") => {
  const name = `${key}|0|v`;
  if (await isList(page, name)) { await at(page, name).selectOption({ index: 1 }); return; }
  if (words) await at(page, name).fill(words);
  await button(page, `find|${key}|0`).click();
  await page.locator(`button[value^="pick|${key}|0|"]`).first().click();
  await page.locator(`input[name="${key}|0|k"]`).waitFor({ state: "attached" });
};

// Everything but the terms of the images, with two things that are no such values.
export const describe = async (page, catalogue, title) => {
  await at(page, "in").selectOption(catalogue);
  const texts = {
    "dct:title": title,
    "dct:description": "Women before surgery.",
    "dcat:version": "first",
    "dcat:contactPoint|0|vcard:hasEmail": "data@hospital.example.org",
    "dcat:distribution|0|dcat:accessURL": "https://hospital.example.org/images",
    "dcat:distribution|0|dcatap:applicableLegislation": "http://data.europa.eu/eli/reg/2025/327/oj",
    "dcat:distribution|0|dct:rights": "https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/access-conditions/#REMOTE_PROCESSING",
    "dcatap:applicableLegislation": "http://data.europa.eu/eli/reg/2025/327/oj",
    "dct:publisher|0|foaf:name": "Example hospital",
    "dct:publisher|0|cv:contactPoint|0|cv:email": "office@hospital.example.org",
    "healthdcatap:numberOfUniqueIndividuals": "1 200",
    "healthdcatap:numberOfRecords": "many",
    "dct:provenance|0|rdfs:label": "From the archive.",
    "dcat:keyword": "breast",
  };
  for (const [key, text] of Object.entries(texts)) await at(page, `${key}|0|v`).fill(text);
  await at(page, "healthdcatap:hasStructuredData|0|v").selectOption({ index: 2 });
  for (const key of ["eucaim:interoperabilityLevel", "dcat:theme", "healthdcatap:healthCategory", "dct:accessRights", "eucaim:hasBirthSex", "eucaim:collectionMethod", "eucaim:hasEquipmentManufacturer"]) await pick(page, key);
};
