//! What can be asked of this server, in the words of `OpenAPI` 3.1?

use serde_json::{Map, Value, json};

use super::results::TakeAway;
use crate::catalogue::Kinds;
use crate::rdf::Format;

/// The document: made from the table of kinds, so that it lists the addresses that there are.
pub fn document(base: &str, kinds: &Kinds) -> Value {
    let mut paths = Map::new();
    for (path, item) in fixed() {
        paths.insert(path.to_owned(), item);
    }
    for (wanted, name) in TakeAway::OFFERED {
        let path = format!("/search.{}", wanted.extension());
        paths.insert(path, json!({ "get": result(wanted, name) }));
    }
    for kind in kinds.iter().filter(|kind| !kind.is_root()) {
        let name = kind.title("en");
        paths.insert(format!("/{}/", kind.prefix), container(name));
        paths.insert(format!("/{}", kind.prefix), creation(name));
        paths.insert(format!("/{}/{{id}}", kind.prefix), record(&kind.name));
        paths.insert(format!("/{}/{{id}}/versions", kind.prefix), versions());
        paths.insert(format!("/{}/{{id}}/versions/{{n}}", kind.prefix), version());
        paths.insert(format!("/{}/{{id}}/meta", kind.prefix), below_id(meta()));
        paths.insert(format!("/{}/{{id}}/meta/state", kind.prefix), state());
        paths.insert(
            format!("/{}/{{id}}/expanded", kind.prefix),
            below_id(expanded()),
        );
        paths.insert(
            format!("/{}/{{id}}/quality", kind.prefix),
            below_id(quality_of_record()),
        );
        paths.insert(format!("/{}/spec", kind.prefix), spec());
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Vesalius",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A FAIR catalogue of image collections: linked data, SPARQL, search.",
        },
        "servers": [{ "url": base }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": { "Problem": problem(), "Migration": migration() },
        },
    })
}

fn fixed() -> Vec<(&'static str, Value)> {
    vec![
        (
            "/",
            json!({ "get": read("The root record, or the home page."), "put": write("Replace the root record.") }),
        ),
        ("/search", json!({ "get": search() })),
        ("/search/similar", json!({ "get": similar() })),
        ("/compare", json!({ "get": compare() })),
        (
            "/statistics",
            json!({ "get": page("The collections in numbers and pictures; takes the parameters of a search.") }),
        ),
        ("/api/statistics", json!({ "get": statistics() })),
        (
            "/search/suggest",
            json!({ "get": json_answer("Suggestions while typing.", &[query("q", "What was typed so far.")]) }),
        ),
        (
            "/sparql",
            json!({ "get": sparql_get(), "post": sparql_post() }),
        ),
        (
            "/sparql/examples",
            json!({ "get": read("Queries worth trying, as sh:SPARQLExecutable.") }),
        ),
        (
            "/sparql/examples/{name}",
            json!({ "get": with_parameters(read("One of them; for a browser, with its result."), vec![in_path("name")]) }),
        ),
        (
            "/.well-known/void",
            json!({ "get": read("How much there is of what, in VoID.") }),
        ),
        (
            "/catalog.ttl",
            json!({ "get": with_media_type(json_answer("The catalogue, page by page, with Hydra's links; the name may also end in jsonld, rdf, nt, nq, trig or n3. Takes the parameters of a search, too.", &[
            query("page", "From 1."), query("after", "Where the page begins, as the link to it says."), query("modified_since", "Only what changed since this day or time."),
            query("fq", "Filters as CKAN writes them: field:value."),
        ]), &["text/turtle"]) }),
        ),
        (
            "/dump/catalogue.nq",
            json!({ "get": with_media_type(json_answer("Everything public at one moment; the name may also end in trig, and in .zst or .gz. Range and If-Range go on with a broken transfer.", &[]), &["application/n-quads"]) }),
        ),
        (
            "/changes.atom",
            json!({ "get": with_media_type(json_answer("What changed, the newest first, with an archive of everything before (RFC 5005).", &[]), &["application/atom+xml"]) }),
        ),
        (
            "/ldes",
            json!({ "get": with_media_type(json_answer("Every change as a Linked Data Event Stream with the activities of DCAT-AP Feeds.", &[query("format", "trig, jsonld, nq or ttl, instead of Accept.")]), &["application/trig", "application/ld+json", "application/n-quads", "text/turtle"]) }),
        ),
        (
            "/ldes/latest",
            json!({ "get": with_media_type(json_answer("Of each record the last change.", &[query("format", "trig, jsonld, nq or ttl, instead of Accept.")]), &["application/trig", "application/ld+json", "application/n-quads", "text/turtle"]) }),
        ),
        ("/ontology", json!({ "get": browse() })),
        (
            "/ontology/lookup",
            json!({ "get": json_answer("Concepts by label, synonym or code, whole, begun or mistyped; each with what matched and how.", &[
            query("q", "A label, a synonym or a code, in any language."), query("under", "Only concepts of this code list, or below this concept, by IRI."),
            query("scheme", "The same as under."), query("limit", "At most so many; 20 when not said, 100 at most."),
        ]) }),
        ),
        (
            "/ontology/reconcile",
            json!({ "get": reconcile(), "post": reconcile() }),
        ),
        (
            "/ontology/reconcile/suggest/entity",
            json!({ "get": suggestions("Concepts") }),
        ),
        (
            "/ontology/reconcile/suggest/type",
            json!({ "get": suggestions("Code lists and concepts with others below") }),
        ),
        (
            "/ontology/reconcile/suggest/property",
            json!({ "get": suggestions("Properties of concepts") }),
        ),
        (
            "/ontology/reconcile/properties",
            json!({ "get": json_answer("The properties of concepts that can be fetched.", &[query("type", "Of which type; all have the same."), query("limit", "At most so many.")]) }),
        ),
        (
            "/ontology/{code}",
            json!({ "get": with_parameters(read("A concept."), vec![in_path("code")]) }),
        ),
        (
            "/validate",
            json!({ "get": page("A page to check a document."), "post": validate() }),
        ),
        ("/quality", json!({ "get": quality() })),
        ("/migrate", json!({ "post": migrate() })),
        (
            "/health",
            json!({ "get": json_answer("Whether the server is up.", &[]) }),
        ),
        (
            "/ready",
            json!({ "get": json_answer("Whether the projections are up to date.", &[]) }),
        ),
        (
            "/metrics",
            json!({ "get": text("Counters and gauges, for Prometheus.", "application/openmetrics-text") }),
        ),
        (
            "/openapi.json",
            json!({ "get": json_answer("This document.", &[]) }),
        ),
        (
            "/sign-in",
            json!({ "get": page("The identity providers that people sign in with.") }),
        ),
        ("/about", json!({ "get": page("About this Atlas.") })),
        (
            "/sitemap.xml",
            json!({ "get": text("The published records, for search engines.", "application/xml") }),
        ),
        ("/meta", meta()),
        ("/expanded", expanded()),
        ("/spec", spec()),
    ]
}

fn browse() -> Value {
    let mut browse = page("The vocabularies, to browse as a tree.");
    browse["parameters"] = json!([
        query(
            "under",
            "The vocabulary, code list or concept whose tree is wanted, by IRI."
        ),
        query("from", "From which concept of the level on."),
        query("part", "The branch alone, without the page around it."),
    ]);
    browse
}

fn reconcile() -> Value {
    let summary =
        "Reconciliation Service API 0.2 (W3C): the manifest, or the answers to a batch of queries.";
    let mut operation = json_answer(
        summary,
        &[
            query(
                "queries",
                "A batch of queries, as JSON; may also be sent as a form.",
            ),
            query(
                "extend",
                "Concepts and wanted properties, as JSON; may also be sent as a form.",
            ),
        ],
    );
    operation["responses"]["400"] = failure("The batch is no JSON, or too large.");
    operation
}

fn suggestions(what: &str) -> Value {
    json_answer(
        &format!("{what} that begin so (Reconciliation Service API)."),
        &[
            query("prefix", "What was typed so far."),
            query("cursor", "How many to pass over."),
        ],
    )
}

fn rdf_content() -> Value {
    let media = |format: &Format| {
        (
            format.media_type().to_owned(),
            json!({ "schema": { "type": "string" } }),
        )
    };
    Value::Object(Format::ALL.iter().map(media).collect())
}

fn rdf_and_page() -> Value {
    let mut content = rdf_content();
    content["text/html"] = json!({ "schema": { "type": "string" } });
    content
}

fn failure(description: &str) -> Value {
    json!({
        "description": description,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
    })
}

fn read(summary: &str) -> Value {
    json!({
        "summary": summary,
        "parameters": [query("format", "ttl, jsonld, rdf, nt, nq, trig, n3 or html, instead of Accept.")],
        "responses": {
            "200": { "description": "The description.", "content": rdf_and_page() },
            "304": { "description": "Not changed." },
            "404": failure("There is no such thing."),
            "406": failure("None of the wanted representations can be had."),
            "410": failure("It was withdrawn or deleted."),
        },
    })
}

fn write(summary: &str) -> Value {
    json!({
        "summary": summary,
        "security": [{ "token": [] }],
        "parameters": [
            query("state", "draft, published or withdrawn."), query("reason", "Why, for the history."),
            header("If-Match", "The ETag of the version that the change was made from."),
        ],
        "requestBody": { "required": true, "content": rdf_content() },
        "responses": {
            "200": { "description": "Replaced; the record as it is stored.", "content": rdf_content() },
            "201": { "description": "Made; its address is in Location.", "content": rdf_content() },
            "400": failure("Not well-formed, or it does not fit its profile."),
            "401": failure("The token is not accepted."),
            "403": failure("Not allowed."),
            "410": failure("It was deleted."),
            "412": failure("Somebody was faster."),
            "413": failure("Too large."),
            "415": failure("The format or charset is not known."),
        },
    })
}

fn container(title: &str) -> Value {
    json!({ "get": with_parameters(read(&format!("{title}, page by page.")), vec![query("after", "The last of the page before, by IRI.")]) })
}

fn creation(title: &str) -> Value {
    let mut post = write(&format!(
        "Make one of: {title}. A document may bring what hangs below it, too."
    ));
    if let Some(parameters) = post["parameters"].as_array_mut() {
        parameters.push(header("Slug", "The wished last part of the address."));
    }
    json!({ "post": post })
}

fn record(kind: &str) -> Value {
    json!({
        "parameters": [in_path("id")],
        "get": read(&format!("A {kind}.")),
        "put": write(&format!("Replace a {kind}, or make it.")),
        "delete": {
            "summary": "Delete it and all below it.",
            "security": [{ "token": [] }],
            "responses": {
                "204": { "description": "Deleted." }, "401": failure("The token is not accepted."),
                "403": failure("Not allowed."), "404": failure("There is no such thing."), "410": failure("It was deleted before."),
            },
        },
    })
}

fn versions() -> Value {
    json!({ "parameters": [in_path("id")], "get": json_answer("The versions, the newest first.", &[]) })
}

fn version() -> Value {
    json!({ "parameters": [in_path("id"), in_path("n")], "get": read("Exactly what was sent in a version.") })
}

fn meta() -> Value {
    json!({ "parameters": [], "get": json_answer("State and path.", &[]) })
}

fn expanded() -> Value {
    json!({ "parameters": [], "get": read("The record with all that stands above it.") })
}

/// The same below the address of a record.
fn below_id(mut item: Value) -> Value {
    item["parameters"] = json!([in_path("id")]);
    item
}

fn spec() -> Value {
    json!({ "get": read("The SHACL shapes that a record is checked against.") })
}

fn state() -> Value {
    json!({
        "parameters": [in_path("id")],
        "put": {
            "summary": "Publish or withdraw.",
            "security": [{ "token": [] }],
            "requestBody": { "required": true, "content": { "application/json": { "schema": {
                "type": "object", "required": ["current"],
                "properties": { "current": { "enum": ["PUBLISHED", "WITHDRAWN"] }, "reason": { "type": "string" } },
            } } } },
            "responses": {
                "200": { "description": "Done." }, "400": failure("Not from this state, or it does not fit its profile."),
                "401": failure("The token is not accepted."), "403": failure("Not allowed."), "404": failure("There is no such thing."),
            },
        },
    })
}

fn search() -> Value {
    json!({
        "summary": "Search by words and facets.",
        "description": "Every facet is a parameter, several times for several values; a value that starts with - is excluded; a range is written 200..500.",
        "parameters": [
            query("q", "Words, \"phrases\", codes."), query("sort", "relevance, newest, changed, largest, quality or title."),
            query("limit", "Hits on a page."), query("after", "The cursor of the page before."),
            query("open", "facet:value, to list what stands below a value; facet:* to list all values of a flat facet."),
            query("format", "json or html, instead of Accept; or what /search.{extension} takes, for the whole result."),
        ],
        "responses": { "200": { "description": "Hits and facets.", "content": {
            "application/json": { "schema": { "type": "object" } }, "text/html": { "schema": { "type": "string" } },
        } } },
    })
}

/// A whole result, or a page of a feed.
fn result(wanted: TakeAway, name: &str) -> Value {
    let media_type = wanted.media_type();
    let (summary, status, unusual) = match wanted {
        TakeAway::Export(_) => (
            format!("The whole result of a search as {name}, from the first hit to the last."),
            "503",
            failure("Too many results are being written."),
        ),
        TakeAway::Feed(_) => (
            format!(
                "A search as {name}: what changed last comes first; it leads to its next page."
            ),
            "304",
            json!({ "description": "It has not changed." }),
        ),
    };
    json!({
        "summary": summary,
        "description": "Takes the parameters of a search.",
        "parameters": [query("q", "Words, \"phrases\", codes.")],
        "responses": {
            "200": { "description": "The result.", "content": { media_type: { "schema": { "type": "string" } } } },
            status: unusual,
        },
    })
}

fn similar() -> Value {
    let mut operation = json_answer(
        "The records that are most like one.",
        &[query("id", "The record, by IRI or path.")],
    );
    operation["responses"]["200"]["content"]["text/html"] =
        json!({ "schema": { "type": "string" } });
    operation["responses"]["400"] = failure("No record is named.");
    operation["responses"]["404"] = failure("There is no such record.");
    operation
}

fn compare() -> Value {
    let mut operation = json_answer(
        "Up to six records side by side, property by property.",
        &[
            query("id", "A record, by IRI or path; several times."),
            query(
                "only",
                "differences, to leave out on the page what is the same.",
            ),
            query("format", "json or html, instead of Accept."),
        ],
    );
    operation["responses"]["200"]["content"]["text/html"] =
        json!({ "schema": { "type": "string" } });
    operation["responses"]["400"] = failure("More than six records are named.");
    operation["responses"]["404"] = failure("There is no such record.");
    operation["responses"]["410"] = failure("It was withdrawn or deleted.");
    operation
}

fn statistics() -> Value {
    let mut operation = json_answer(
        "Sums over all datasets that a search finds; takes the parameters of a search besides.",
        &[
            query(
                "by",
                "One facet or two, with a comma between. A concept counts for all below it.",
            ),
            query("measure", "datasets, subjects or studies."),
            query(
                "over",
                "year or month of first publication, with what has gathered until then.",
            ),
            query("format", "json or csv, instead of Accept."),
        ],
    );
    operation["responses"]["200"]["content"]["text/csv"] =
        json!({ "schema": { "type": "string" } });
    operation["responses"]["400"] = failure("A parameter is not understood.");
    operation
}

fn results() -> Value {
    json!({
        "200": { "description": "The result.", "content": {
            "application/sparql-results+json": { "schema": { "type": "object" } },
            "application/sparql-results+xml": { "schema": { "type": "string" } },
            "text/csv": { "schema": { "type": "string" } },
            "text/tab-separated-values": { "schema": { "type": "string" } },
            "text/turtle": { "schema": { "type": "string" } },
        } },
        "400": failure("The query cannot be read."), "503": failure("Too many queries are running."),
        "426": failure("The answer is too long for HTTP/1.0."), "429": failure("Too many queries of this client; Retry-After says when."),
        "504": failure("The query took too long."),
    })
}

fn sparql_get() -> Value {
    json!({ "summary": "Ask a SPARQL query; without one, the service description.", "parameters": [
        query("query", "The query."), query("default-graph-uri", "A graph of the default graph."), query("named-graph-uri", "A named graph."),
        query("timeout", "How long to wait at most, in seconds (5, 2.5) or milliseconds (500ms)."),
        query("partial", "true: when a budget is used up, give what there is, and say so in Vesalius-Partial."),
        query("format", "json, xml, csv, tsv, or ttl, jsonld, rdf, nt, nq, trig, n3, instead of Accept."),
    ], "responses": results() })
}

fn sparql_post() -> Value {
    json!({ "summary": "Ask a SPARQL query.", "requestBody": { "required": true, "content": {
        "application/sparql-query": { "schema": { "type": "string" } },
        "application/x-www-form-urlencoded": { "schema": { "type": "object", "properties": { "query": { "type": "string" } } } },
    } }, "responses": with_415(results()) })
}

fn with_415(mut responses: Value) -> Value {
    responses["413"] = failure("The query is too long.");
    responses["415"] = failure("The kind of body is not known.");
    responses
}

fn validate() -> Value {
    json!({
        "summary": "Check a document without storing it.",
        "parameters": [query("profile", "A profile, as often as wanted; if not given, those that a record names, else that of its kind.")],
        "requestBody": { "required": true, "content": rdf_content() },
        "responses": { "200": { "description": "The report.", "content": {
            "application/json": { "schema": { "type": "object" } }, "text/turtle": { "schema": { "type": "string" } },
        } }, "400": failure("Not well-formed."), "415": failure("The format or charset is not known.") },
    })
}

fn quality() -> Value {
    let mut content = rdf_and_page();
    content["application/json"] = json!({ "schema": { "type": "object" } });
    json!({
        "summary": "How good the descriptions are: by catalogue and provider, now and at the end of each month; in RDF, what is measured.",
        "parameters": [
            query("format", "json, html, ttl, jsonld, rdf, nt, nq, trig or n3, instead of Accept."),
            query("sort", "The order of the page: records, score or name."),
        ],
        "responses": {
            "200": { "description": "The scores.", "content": content },
            "406": failure("None of the wanted representations can be had."),
        },
    })
}

fn quality_of_record() -> Value {
    let mut content = rdf_content();
    content["application/json"] = json!({ "schema": { "type": "object" } });
    json!({
        "get": {
            "summary": "How good the description is: points, completeness, checklists and what would raise it most; in RDF, the measurements (DQV).",
            "parameters": [query("format", "json, ttl, jsonld, rdf, nt, nq, trig or n3, instead of Accept.")],
            "responses": {
                "200": { "description": "The scores.", "content": content },
                "404": failure("There is no such thing."),
                "406": failure("None of the wanted representations can be had."),
                "410": failure("It was withdrawn or deleted."),
            },
        },
    })
}

fn migrate() -> Value {
    let mut content = rdf_content();
    content["application/json"] = json!({ "schema": { "$ref": "#/components/schemas/Migration" } });
    json!({
        "summary": "Bring a document from an older profile over to its successor, without storing it.",
        "description": "Nothing is lost and nothing is invented: what could not be done stands in the report. Ask for RDF with Accept to get the new document alone.",
        "parameters": [
            query("from", "The profile that the document is written for, such as eucaim-dcat-ap-1.0; the only one with a successor if not given."),
            query("to", "The profile that it is brought to, such as eucaim-dcat-ap-2.0; the successor if not given."),
            query("lang", "The language of the report: en, de, fr, es or it, instead of Accept-Language."),
        ],
        "requestBody": { "required": true, "content": rdf_content() },
        "responses": {
            "200": { "description": "The new document, or the report with it.", "content": content },
            "400": failure("Not well-formed, or there is no such way."), "413": failure("Too large."),
            "415": failure("The format or charset is not known."),
        },
    })
}

/// The report of a migration.
fn migration() -> Value {
    let list = |about: &str| json!({ "type": "array", "items": { "type": "object" }, "description": about });
    json!({
        "type": "object",
        "required": ["from", "to", "complete", "steps", "left", "gaps", "records", "turtle"],
        "properties": {
            "from": { "type": "string" }, "to": { "type": "string" },
            "complete": { "type": "boolean", "description": "Whether every record fits the new profile." },
            "stepsTotal": { "type": "integer" }, "leftTotal": { "type": "integer" },
            "steps": list("What was done: kind, record, field, before, after, message, basis."),
            "left": list("What was left as it was, and why."),
            "gaps": list("What the new profile wants and the record does not say: record, path, label, message."),
            "records": list("Each record checked against the new profile, as /validate answers it."),
            "turtle": { "type": "string", "description": "The new document." },
        },
    })
}

fn json_answer(summary: &str, parameters: &[Value]) -> Value {
    json!({ "summary": summary, "parameters": parameters, "responses": {
        "200": { "description": "The answer.", "content": { "application/json": { "schema": { "type": "object" } } } },
    } })
}

/// The same with an answer in other formats.
fn with_media_type(mut operation: Value, media_types: &[&str]) -> Value {
    let of = |media_type: &&str| {
        let schema = json!({ "schema": { "type": "string" } });
        ((*media_type).to_owned(), schema)
    };
    let content: Map<String, Value> = media_types.iter().map(of).collect();
    operation["responses"]["200"]["content"] = Value::Object(content);
    operation
}

fn page(summary: &str) -> Value {
    text(summary, "text/html")
}

fn text(summary: &str, media_type: &str) -> Value {
    json!({ "summary": summary, "responses": {
        "200": { "description": "The answer.", "content": { media_type: { "schema": { "type": "string" } } } },
    } })
}

fn with_parameters(mut operation: Value, more: Vec<Value>) -> Value {
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        parameters.extend(more);
    }
    operation
}

fn query(name: &str, description: &str) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": { "type": "string" } })
}

fn header(name: &str, description: &str) -> Value {
    json!({ "name": name, "in": "header", "description": description, "schema": { "type": "string" } })
}

fn in_path(name: &str) -> Value {
    json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
}

/// RFC 9457.
fn problem() -> Value {
    json!({
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string", "format": "uri" }, "title": { "type": "string" },
            "status": { "type": "integer" }, "detail": { "type": "string" }, "instance": { "type": "string" },
            "help": { "type": "string", "description": "What to do now." },
            "field": { "type": "string" }, "value": { "type": "string" },
            "line": { "type": "integer" }, "column": { "type": "integer" },
            "violations": { "type": "array", "items": { "type": "object" } },
        },
    })
}
