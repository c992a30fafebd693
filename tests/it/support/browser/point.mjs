// A data manager works with the web client of the reference FAIR Data Point, unmodified, in a real browser: signs in, creates a
// catalogue and a dataset, edits, publishes, searches. The client stands in front of the server, as its own image has it.
import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { chromium } from "playwright-core";

const [site, port, upstream, email, password, pictures] = process.argv.slice(2);
const atlas = `http://127.0.0.1:${port}`;
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".ico": "image/x-icon", ".png": "image/png" };

// What people ask for is the client's page, all else is the server's, and the client's files are told where they are: as the
// client's own image does it with nginx.
const part = (name) => {
  const bytes = readFileSync(path.join(site, name));
  return /\.(css|html|js)$/.test(name) ? bytes.toString().replaceAll("/app/", "/") : bytes;
};
const front = http.createServer((request, response) => {
  const { pathname } = new URL(request.url, atlas);
  const type = TYPES[path.extname(pathname)];
  const file = path.normalize(pathname);
  if (pathname === "/config.js") {
    response.writeHead(200, { "content-type": TYPES[".js"] }).end("window.config={publicPath:'',apiURL:''};");
  } else if (type && existsSync(path.join(site, file))) {
    response.writeHead(200, { "content-type": type }).end(part(file));
  } else if (/text\/html/.test(request.headers.accept ?? "") && !/\?format=/.test(request.url)) {
    response.writeHead(200, { "content-type": "text/html" }).end(part("index.html"));
  } else {
    const to = new URL(request.url, upstream);
    const onward = http.request(to, { method: request.method, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", (error) => response.writeHead(502).end(String(error)));
    request.pipe(onward);
  }
});
await new Promise((done) => front.listen(Number(port), "127.0.0.1", done));

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, locale: "en" });
await context.route((url) => url.hostname !== "127.0.0.1", (route) => route.abort());
const page = await context.newPage();
page.setDefaultTimeout(30000);
const wrong = [];
page.on("pageerror", (error) => wrong.push(`page: ${error.message}`));
page.on("dialog", (dialog) => dialog.accept());
page.on("response", (answer) => {
  // A term that has no name, and the logo that an image of the client brings, are not there.
  const asked = new URL(answer.url()).pathname;
  if (answer.status() >= 400 && !["/label", "/assets/fair-logo.png", "/favicon.ico"].includes(asked)) wrong.push(`${answer.status()} ${answer.request().method()} ${answer.url()}`);
});
const picture = async (name) => { if (pictures) await page.screenshot({ path: `${pictures}/point-${name}.png`, fullPage: true }); };
const quiet = async (name) => {
  await page.waitForLoadState("networkidle");
  await picture(name);
  assert.equal(await page.locator(".status-flash__alert--danger").count(), 0, `${name}: ${await page.locator(".status-flash__alert--danger").allInnerTexts()}`);
};

// The fields of a form, by what stands beside them; `inside` narrows to a description within.
const group = (label, inside = page.locator("form")) => inside.locator(".form__group").filter({ has: page.locator(`xpath=./label[normalize-space(.)="${label}"]`) }).first();
const entry = async (label, inside) => {
  const here = group(label, inside);
  const first = here.locator("input, textarea, select").first();
  if (!(await first.count())) await here.locator("button", { hasText: "Add" }).last().click();
  return first;
};
const write = async (label, text, inside) => (await entry(label, inside)).fill(text);
const choose = async (label, at, inside) => (await entry(label, inside)).selectOption({ index: at });
// What is proposed names the field that it is for.
const pick = async (label, words) => {
  await (await entry(label)).fill(words);
  await group(label).locator(".autocomplete-options li", { hasText: `(${label})` }).first().click();
};
const within = async (label, inside) => {
  const here = group(label, inside);
  const nested = here.locator(".form-renderer").first();
  if (!(await nested.count())) await here.locator("button", { hasText: "Add" }).last().click();
  await nested.waitFor();
  return nested;
};
const save = async () => {
  const saved = page.waitForResponse((answer) => ["POST", "PUT"].includes(answer.request().method()) && !answer.url().includes("autocomplete"));
  await page.locator("[data-cy=save]").click();
  const answer = await saved;
  assert.ok(answer.ok(), `${answer.status()}: ${await answer.text()}`);
};
const titled = (text) => page.locator("h1", { hasText: text }).waitFor();
const publish = async () => {
  const published = page.waitForResponse((answer) => answer.url().endsWith("/meta/state"));
  await page.locator("[data-cy=publish]").click();
  const answer = await published;
  assert.ok(answer.ok(), `${answer.status()}: ${await answer.text()}`);
  await page.locator("[data-cy=publish]").waitFor({ state: "detached" });
};
const organisation = async () => {
  const publisher = await within("Publisher");
  await write("Name", "Example hospital", publisher);
  await write("E-mail", "office@hospital.example.org", await within("Contact point", publisher));
};

// Nobody is signed in, and nobody may write.
await page.goto(`${atlas}/`);
await page.locator(".item-list").waitFor();
await quiet("root");
assert.equal(await page.locator("[data-cy=create]").count(), 0);

// A wrong password is told.
await page.goto(`${atlas}/login`);
await page.fill("[name=email]", email);
await page.fill("[name=password]", "not the password");
await page.click("[data-cy=login]");
await page.getByText("Login failed").waitFor();
assert.deepEqual(wrong.splice(0), [`401 POST ${atlas}/tokens`]);
await page.fill("[name=password]", password);
await page.click("[data-cy=login]");
await page.waitForURL(`${atlas}/`);
await page.locator("[data-cy=create]").waitFor();
await quiet("signed-in");

// A catalogue.
await page.locator("[data-cy=create]").click();
await titled("Create catalog");
await write("Title", "Made with the client");
await write("Description", "A catalogue that the web client of the reference made.");
await write("Applicable legislation", "http://data.europa.eu/eli/reg/2025/327/oj");
await organisation();
await quiet("create-catalogue");
await save();
await page.waitForURL(/\/catalog\/[^/]+$/);
await titled("[DRAFT] Made with the client");
await quiet("catalogue-draft");
await publish();
await titled("Made with the client");
const catalogue = new URL(page.url()).pathname;

// A dataset in it, of the default profile of the federation.
await page.locator(".item-list-nav a", { hasText: "Datasets" }).click();
await page.locator("[data-cy=item-list] [data-cy=create]").click();
await titled("Create dataset");
for (const [label, text] of Object.entries({
  "Identifier": "https://hospital.example.org/id/1",
  "Title": "Breast scans",
  "Description": "Women before surgery, scanned once.",
  "Version": "1.0.0",
  "Type": "https://w3id.org/dpv#HealthData",
  "Applicable legislation": "http://data.europa.eu/eli/reg/2025/327/oj",
  "Unique individuals": "1200",
  "Imaging studies": "1500",
  "Keyword": "breast",
})) await write(label, text);
for (const label of ["Theme", "Health category", "Access rights", "Structured data"]) await choose(label, 1);
await write("Contact e-mail", "mailto:data@hospital.example.org", await within("Contact point"));
await write("In words", "From the archive of the hospital.", await within("Provenance"));
await organisation();
for (const [label, words] of Object.entries({
  "Interoperability tier": "Tier 1",
  "Sex at birth": "Female",
  "Cancer condition": "Malignant neoplasm of breast",
  "Collection method": "Cohort",
  "Image modality": "Magnetic resonance",
  "Manufacturer": "Siemens",
  "Body part": "Breast",
})) await pick(label, words);
await quiet("create-dataset");
await save();
await page.waitForURL(/\/dataset\/[^/]+$/);
await titled("[DRAFT] Breast scans");
await quiet("dataset-draft");
const dataset = new URL(page.url()).pathname;

// Where its images are reached.
await page.locator("[data-cy=item-list] [data-cy=create]").click();
await titled("Create distribution");
await write("Title", "Images");
await write("Access url", "https://hospital.example.org/images");
await write("Access and use conditions", "https://eucaim.github.io/eucaim_dcat_ap/releases/controlled-vocabularies/access-conditions/#REMOTE_PROCESSING");
await write("Applicable legislation", "http://data.europa.eu/eli/reg/2025/327/oj");
await quiet("create-distribution");
await save();
await page.waitForURL(/\/distribution\/[^/]+$/);
await titled("[DRAFT] Images");
await quiet("distribution-draft");

// A second thought.
await page.goto(`${atlas}${dataset}`);
await page.locator("[data-cy=item]", { hasText: "[DRAFT] Images" }).waitFor();
await page.locator("[data-cy=edit]").click();
await page.waitForURL(/\/edit$/);
await write("Title", "Breast scans before surgery");
await quiet("edit-dataset");
await save();
await page.waitForURL(`${atlas}${dataset}`);
await titled("[DRAFT] Breast scans before surgery");
await publish();
await titled("Breast scans before surgery");
// What it is reached by went along.
await page.goto(`${atlas}${dataset}`);
await page.locator("[data-cy=item]", { hasText: "Images" }).waitFor();
assert.equal(await page.getByText("[DRAFT]").count(), 0);
await quiet("dataset");

// It is found: by words in the head of each page, and below its catalogue by everybody.
await page.locator("[data-cy=search], .search-field input, header input").first().fill("surgery");
await page.keyboard.press("Enter");
await page.locator("main, #app").getByText("Breast scans before surgery").first().waitFor();
await quiet("search");
await page.goto(`${atlas}/my-metadata`);
await page.getByText("Made with the client").first().waitFor();
await quiet("my-metadata");
const signedOut = await browser.newContext();
const stranger = await signedOut.newPage();
await stranger.route((url) => url.hostname !== "127.0.0.1", (route) => route.abort());
await stranger.goto(`${atlas}${catalogue}`);
await stranger.locator(".item-list-nav a", { hasText: "Datasets" }).click();
await stranger.getByText("Breast scans before surgery").first().waitFor();

// The pages of those who keep it.
for (const [address, text] of [["/users", "Users"], ["/users/current", "Ada"], ["/api-keys", "API Keys"], ["/resource-definitions", "Resource definitions"], ["/schemas", "Metadata schemas"], ["/settings", "Settings"], [`${dataset}/settings`, "Settings"]]) {
  await page.goto(`${atlas}${address}`);
  await page.locator("h1", { hasText: text }).first().waitFor().catch((error) => { throw new Error(`${address}: ${error.message}`); });
  await quiet(address.replaceAll("/", "-").slice(1));
}
assert.deepEqual(wrong, []);
console.log(`published ${dataset}`);
await browser.close();
front.close();
