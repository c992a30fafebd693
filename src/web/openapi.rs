//! What can be asked of this server, in the words of `OpenAPI` 3.1?

use serde_json::{Map, Value, json};

use super::fair_data_point;
use super::results::TakeAway;
use super::sheets::XLSX;
use crate::catalogue::Kinds;
use crate::rdf::Format;

/// The document: made from the table of kinds, so that it lists the addresses that there are.
pub fn document(base: &str, kinds: &Kinds) -> Value {
    let mut paths = Map::new();
    for (path, item) in fixed() {
        paths.insert(path.to_owned(), item);
    }
    fair_data_point::openapi::add(&mut paths, kinds);
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
        for (suffix, item) in past() {
            paths.insert(format!("/{}/{{id}}{suffix}", kind.prefix), below_id(item));
        }
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
        paths.insert(
            format!("/{}/{{id}}/profiles", kind.prefix),
            below_id(json!({ "get": profiles() })),
        );
        paths.insert(
            format!("/{}/{{id}}/profiles/{{token}}", kind.prefix),
            preflight(),
        );
        paths.insert(
            format!("/{}/{{id}}/linkset", kind.prefix),
            below_id(
                json!({ "get": text("The typed links of the record (RFC 9264).", "application/linkset+json") }),
            ),
        );
        paths.insert(format!("/{}/spec", kind.prefix), spec());
        paths.insert(format!("/edit/{}/{{id}}", kind.prefix), below_id(form()));
        paths.insert(
            format!("/edit/{}/{{id}}/working", kind.prefix),
            below_id(working()),
        );
    }
    let profiles: std::collections::BTreeSet<&str> = kinds
        .iter()
        .filter_map(|kind| kind.profile.as_deref())
        .collect();
    for profile in profiles {
        for (extension, media_type) in [("xlsx", XLSX), ("csv", "text/csv")] {
            let path = format!("/templates/{profile}.{extension}");
            let summary = format!("An empty file to fill in, made from the profile {profile}.");
            paths.insert(path, json!({ "get": template(&summary, media_type) }));
        }
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
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "A token of this Atlas or of an identity provider. Named roles are those that may, each within its catalogues; none named: it depends on the record." },
                "localUser": { "type": "http", "scheme": "bearer", "description": "A token of a local user, from POST /tokens." },
                "session": { "type": "apiKey", "in": "cookie", "name": "__Host-vesalius-session", "description": "A person who has signed in." },
            },
            "schemas": { "Problem": problem(), "Migration": migration() },
        },
    })
}

/// Files of rows, batches, and the JSON of other software.
fn sheets() -> Value {
    json!({
        "summary": "Check a workbook or a table as a whole, see what it would change, and store all of it or nothing.",
        "security": [{ "token": [] }],
        "parameters": [
            query("commit", "yes to store; without it the file is only checked."),
            query("kind", "The kind of record of a table with one sheet, such as dataset."),
            query("profile", "The profile whose columns are meant, when it is not that of the kind."),
            query("parent", "Where new records go that do not say it themselves, such as /catalog/lungs."),
            query("state", "draft or published; new records are drafts, old ones stay what they are."),
            query("reason", "Why, in the sender's words."),
            idempotency_key(),
        ],
        "requestBody": { "required": true, "content": {
            (XLSX): { "schema": { "type": "string", "format": "binary" } },
            "text/csv": { "schema": { "type": "string" } },
            "multipart/form-data": { "schema": { "type": "object" } },
        } },
        "responses": all_or_nothing(),
    })
}

fn batch() -> Value {
    json!({
        "summary": "Many records in one commit, all or nothing, with a report for each.",
        "security": [{ "token": [] }],
        "parameters": [
            query("try", "yes to see what would happen, and change nothing."),
            query("state", "For RDF: draft or published."), query("reason", "For RDF: why."),
            idempotency_key(),
        ],
        "requestBody": { "required": true, "content": {
            "application/json": { "schema": { "type": "object", "required": ["operations"], "properties": { "operations": {
                "type": "array", "items": { "type": "object", "required": ["action"], "properties": {
                    "action": { "enum": ["put", "create", "state", "delete"] },
                    "path": { "type": "string" }, "kind": { "type": "string" }, "slug": { "type": "string" },
                    "turtle": { "type": "string" }, "jsonld": {}, "state": { "type": "string" },
                    "reason": { "type": "string" }, "ifMatch": { "type": "integer" },
                } },
            } } } },
            "application/n-quads": { "schema": { "type": "string" } },
            "application/trig": { "schema": { "type": "string" } },
            "application/ld+json": { "schema": { "type": "object" } },
        } },
        "responses": all_or_nothing(),
    })
}

fn crosswalk() -> Value {
    json!({
        "summary": "Datasets as the node software dataset-service describes them: what is understood, what is left, and the records that they become.",
        "security": [{ "token": [] }],
        "parameters": [
            query("commit", "yes to store; without it nothing is changed."),
            query("parent", "The catalogue that new records go to, such as /catalog/node."),
            query("state", "draft or published."), query("reason", "Why, in the sender's words."),
            idempotency_key(),
        ],
        "requestBody": { "required": true, "content": { "application/json": { "schema": { "type": ["object", "array"] } } } },
        "responses": all_or_nothing(),
    })
}

fn all_or_nothing() -> Value {
    json!({
        "200": { "description": "The report.", "content": {
            "application/json": { "schema": { "type": "object" } }, "text/html": { "schema": { "type": "string" } },
        } },
        "400": failure("Nothing was changed; the problem tells of every record or cell what to mend."),
        "401": failure("The token is not accepted."),
        "403": failure("Not allowed."), "409": failure("The same request is still being answered."),
        "412": failure("A record has changed meanwhile."), "413": failure("Too large."),
        "415": failure("The format is not known."),
        "422": failure("The Idempotency-Key was used for another request."),
    })
}

fn sheet_file(summary: &str, media_type: &str) -> Value {
    json!({
        "summary": summary,
        "parameters": [
            query("in", "A catalogue (or any record) with all below it as you may see it; else the words of a search choose."),
            query("kind", "The kind of record of a table, such as dataset."),
            query("profile", "The profile whose columns are wanted."),
        ],
        "responses": {
            "200": { "description": "The file.", "content": { media_type: { "schema": { "type": "string", "format": "binary" } } } },
            "404": failure("There is no such record."), "413": failure("Too many records."), "503": failure("Too many files are being written."),
        },
    })
}

fn template(summary: &str, media_type: &str) -> Value {
    json!({
        "summary": summary,
        "parameters": [
            query("kind", "The kind of record of a table, such as dataset."),
            query("lang", "en, de, fr, es or it, instead of Accept-Language."),
        ],
        "responses": {
            "200": { "description": "The file.", "content": { media_type: { "schema": { "type": "string", "format": "binary" } } } },
            "404": failure("There is no such profile."), "503": failure("Too many files are being written."),
        },
    })
}

fn idempotency_key() -> Value {
    header(
        "Idempotency-Key",
        "The same request with the same key is done once within a day, and answered as it was.",
    )
}

fn fixed() -> Vec<(&'static str, Value)> {
    vec![
        (
            "/",
            json!({ "get": read("The root record, or the home page."), "put": write("Replace the root record.") }),
        ),
        ("/search", json!({ "get": search() })),
        (
            "/sheets",
            json!({ "get": page("The page of spreadsheets: templates, and a form to send a file."), "post": sheets() }),
        ),
        (
            "/sheets.xlsx",
            json!({ "get": sheet_file("Records in a workbook, in the form of the templates.", XLSX) }),
        ),
        (
            "/sheets.csv",
            json!({ "get": sheet_file("Records of one kind in a table, in the form of the templates.", "text/csv") }),
        ),
        ("/batch", json!({ "post": batch() })),
        ("/crosswalk/dataset-service", json!({ "post": crosswalk() })),
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
            query("profile", "The token or the address of a profile: records are told in it where they can be."),
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
        ("/account", json!({ "get": account() })),
        (
            "/account/export",
            json!({ "get": mine("Everything that is kept about a person, as JSON.") }),
        ),
        (
            "/account/tokens",
            json!({ "get": mine("The tokens of a person, without their secrets."), "post": make_token() }),
        ),
        (
            "/account/tokens/{id}",
            json!({ "parameters": [in_path("id")], "delete": taken_away(mine("End a token of one's own.")) }),
        ),
        (
            "/members",
            json!({ "get": members(), "post": invitation() }),
        ),
        (
            "/members/{account}/{role}",
            json!({
                "parameters": [in_path("account"), in_path("role")],
                "delete": taken_away(only_for(&STEWARDS, json_answer("Take a role from a member.", &[]))),
            }),
        ),
        (
            "/members/invitations/{id}",
            json!({
                "parameters": [in_path("id")],
                "delete": taken_away(only_for(&STEWARDS, json_answer("Take an invitation back.", &[]))),
            }),
        ),
        (
            "/join",
            json!({ "get": page("What an invitation offers; the parameter invitation is its secret.") }),
        ),
        ("/audit", json!({ "get": audit() })),
        ("/dois", json!({ "get": dois() })),
        ("/dois/retry", json!({ "post": retry_dois() })),
        (
            "/my",
            json!({ "get": of_person("The area of the person who asks: records, what waits, notifications.", &[
            query("state", "Only records of this state."), query("in", "All records of this catalogue, by its IRI."),
            query("after", "From where the list goes on."),
        ]) }),
        ),
        (
            "/my/notifications",
            json!({ "get": of_person("What the person who asks was told, the newest first.", &[
            query("unread", "1: only what is not read."), query("before", "Only what is older than the one of this number."),
        ]) }),
        ),
        (
            "/my/notifications/read",
            json!({ "post": of_person_to_change("Marks a notification (id), or all up to one (up_to), as read; read=no: as not read.") }),
        ),
        (
            "/my/settings",
            json!({
                "get": of_person("In which ways the person who asks is told of what.", &[]),
                "post": of_person_to_change("Replaces the ways (way: kind:way, any number) and the language."),
            }),
        ),
        (
            "/my/subscriptions",
            json!({ "post": of_person_to_change("Follows a topic: organisation, catalogue or search, with its value.") }),
        ),
        (
            "/my/subscriptions/end",
            json!({ "post": of_person_to_change("Ends what is followed, by id.") }),
        ),
        (
            "/my/webhooks",
            json!({
                "get": of_person("The webhooks of the person who asks, with the log of their messages.", &[]),
                "post": of_person_to_change("Adds a webhook (url, topic, value, kind); its secret is shown this once."),
            }),
        ),
        (
            "/my/webhooks/{name}",
            json!({ "post": with_parameters(
                of_person_to_change("rotate, trial, enable or remove a webhook, by id; or replay a message, by delivery."),
                vec![in_path("name")],
            ) }),
        ),
        (
            "/edit",
            json!({ "get": of_record(page("What somebody is writing, and where they begin something new.")) }),
        ),
        ("/about", json!({ "get": page("About this Atlas.") })),
        ("/oai", oai()),
        (
            "/.well-known/api-catalog",
            json!({ "get": text("The interfaces of this server (RFC 9727).", "application/linkset+json") }),
        ),
        (
            "/api/endpoint",
            json!({ "get": json_answer("What this server offers, for EOSC nodes.", &[]) }),
        ),
        (
            "/sitemap.xml",
            json!({ "get": text("The published records, for search engines.", "application/xml") }),
        ),
        (
            "/bulk",
            json!({ "get": of_record(json_answer("What you did last to many records, and where it is undone; for a browser, records to choose from.", &[])),
                "post": act("Hand in, publish, withdraw, delete, find still correct or give a value to many records at once, all or none; with preview, look first.", &["step", "record", "preview", "reason", "field", "value", "language", "add"]) }),
        ),
        (
            "/bulk/{n}/undo",
            json!({ "parameters": [in_path("n")], "post": act("Undo what was done to many records at once.", &[]) }),
        ),
        (
            "/reviews",
            json!({ "get": of_record(json_answer("The drafts that wait for a judgement; for a browser, a page.", &[
                query("stage", "in-review, changes-requested or approved."),
                query("after", "From after the review of this number."),
            ])) }),
        ),
        (
            "/checks",
            json!({ "get": of_record(json_answer("The descriptions that nobody looked at for a year; for a browser, a page.", &[
                query("after", "From after this place, as next says."),
            ])) }),
        ),
        ("/meta", meta()),
        ("/expanded", expanded()),
        ("/spec", spec()),
    ]
}

const STEWARDS: [&str; 2] = ["steward", "operator"];

/// An operation that some roles may, by the list that `OpenAPI` 3.1 has for it.
fn only_for(roles: &[&str], mut operation: Value) -> Value {
    operation["security"] = json!([{ "token": roles }, { "session": roles }]);
    operation["responses"]["401"] = failure("The token is not accepted.");
    operation["responses"]["403"] = failure("Not allowed.");
    operation
}

/// An operation on what belongs to the person who asks: tokens of ours do not open it.
fn mine(summary: &str) -> Value {
    let mut operation = json_answer(summary, &[]);
    operation["security"] = json!([{ "session": [] }]);
    operation["responses"]["401"] = failure("The token is not accepted.");
    operation["responses"]["403"] = failure("Nobody has signed in, or a token of ours was sent.");
    operation
}

fn taken_away(mut operation: Value) -> Value {
    operation["responses"]["204"] = json!({ "description": "Done." });
    operation["responses"]["404"] = failure("There is no such thing.");
    operation
}

fn account() -> Value {
    let mut operation = page("One's account: roles, identities, sessions, tokens.");
    operation["security"] = json!([{ "session": [] }]);
    operation["responses"]["303"] = json!({ "description": "Sign in first." });
    operation
}

fn make_token() -> Value {
    let mut operation = mine("Make a token for a program. Its secret is told this once.");
    operation["requestBody"] = small_body(
        &json!({
            "name": { "type": "string" }, "role": { "type": "string" },
            "catalogues": { "type": "array", "items": { "type": "string" } },
            "actions": { "type": "array", "items": { "type": "string" } },
            "days": { "type": "integer", "minimum": 1, "maximum": 366 },
        }),
        &["name", "role"],
    );
    made(operation)
}

fn members() -> Value {
    let mut operation = json_answer(
        "Who was given a role by a steward, and who is invited.",
        &[],
    );
    operation["responses"]["200"]["content"]["text/html"] =
        json!({ "schema": { "type": "string" } });
    only_for(&STEWARDS, operation)
}

fn invitation() -> Value {
    let mut operation = json_answer(
        "Invite somebody to have a role. The link is told this once.",
        &[],
    );
    operation["requestBody"] = small_body(
        &json!({
            "role": { "type": "string" }, "note": { "type": "string" },
            "catalogues": { "type": "array", "items": { "type": "string" } },
            "days": { "type": "integer", "minimum": 1, "maximum": 60 },
        }),
        &["role"],
    );
    made(only_for(&STEWARDS, operation))
}

fn small_body(properties: &Value, required: &[&str]) -> Value {
    let schema = json!({ "type": "object", "required": required, "properties": properties });
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

fn made(mut operation: Value) -> Value {
    operation["responses"]["201"] = json!({
        "description": "Made.",
        "content": { "application/json": { "schema": { "type": "object" } } },
    });
    operation["responses"]["400"] = failure("The body is not understood.");
    operation["responses"]["415"] = failure("The kind of body is not known.");
    operation
}

fn audit() -> Value {
    let mut operation = json_answer(
        "Who did what, the newest first.",
        &[
            query("actor", "Only what this account or token did."),
            query("subject", "Only what was done to this."),
            query("deed", "Only this kind of deed."),
            query("before", "Only events before the one of this number."),
            query("limit", "At most so many; 100 when not said, 1000 at most."),
            query("format", "json or html, instead of Accept."),
        ],
    );
    operation["responses"]["200"]["content"]["text/html"] =
        json!({ "schema": { "type": "string" } });
    operation["responses"]["400"] = failure("A parameter is not understood.");
    only_for(&["operator"], operation)
}

fn dois() -> Value {
    let mut operation = json_answer(
        "The DOIs of records: what their registry knows, and what it could not be told.",
        &[
            query(
                "state",
                "Only wanted, findable, registered, or failed ones.",
            ),
            query("after", "From where the list goes on."),
            query("format", "json or html, instead of Accept."),
        ],
    );
    operation["responses"]["200"]["content"]["text/html"] =
        json!({ "schema": { "type": "string" } });
    operation["responses"]["400"] = failure("A parameter is not understood.");
    only_for(&STEWARDS, operation)
}

fn retry_dois() -> Value {
    let mut operation = json_answer(
        "Have the registry told again of one DOI, or of all that failed; says of how many.",
        &[],
    );
    operation["requestBody"] = small_body(&json!({ "doi": { "type": "string" } }), &[]);
    operation["responses"]["400"] = failure("No DOI of this name failed.");
    operation["responses"]["415"] = failure("The kind of body is not known.");
    only_for(&STEWARDS, operation)
}

/// OAI-PMH has arguments of its own; they are told apart by `verb`.
fn oai() -> Value {
    let mut get = text(
        "OAI-PMH 2.0: all records and what has changed, for harvesters.",
        "text/xml",
    );
    get["parameters"] = json!([
        query(
            "verb",
            "Identify, ListMetadataFormats, ListSets, ListIdentifiers, ListRecords or GetRecord."
        ),
        query(
            "metadataPrefix",
            "oai_dc, oai_datacite, datacite, oai_openairedata or dcat."
        ),
        query("identifier", "The name of one record."),
        query(
            "from",
            "Only what was changed since, as YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ."
        ),
        query("until", "Only what was changed before or then."),
        query("set", "Only records of this set."),
        query("resumptionToken", "Where a list goes on."),
    ]);
    json!({ "get": get })
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

pub(super) fn rdf_content() -> Value {
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

pub(super) fn failure(description: &str) -> Value {
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
        parameters.push(idempotency_key());
    }
    post["responses"]["422"] = failure("The Idempotency-Key was used for another request.");
    let mut put = write(&format!(
        "Replace the one with an identifier, or make it: {title}."
    ));
    if let Some(parameters) = put["parameters"].as_array_mut() {
        parameters.push(query("identifier", "Its dct:identifier."));
    }
    json!({ "post": post, "put": put })
}

fn record(kind: &str) -> Value {
    json!({
        "parameters": [in_path("id")],
        "get": with_parameters(read(&format!("A {kind}.")), vec![
            query("profile", "The token or the address of a profile to have it in; alt lists them."),
            header("Accept-Profile", "The addresses of profiles, as «<IRI>;q=0.9», instead."),
        ]),
        "put": write(&format!("Replace a {kind}, or make it.")),
        "patch": patch(kind),
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

fn patch(kind: &str) -> Value {
    json!({
        "summary": format!("Change a part of a {kind}."),
        "description": "A SPARQL Update of the record's own graph, or a JSON merge patch of its tree; checked and stored like a whole description.",
        "security": [{ "token": [] }],
        "parameters": [
            header("If-Match", "The ETag of the version that the change was made from."),
            query("state", "draft or published."), query("reason", "Why, in the sender's words."),
        ],
        "requestBody": { "required": true, "content": {
            "application/sparql-update": { "schema": { "type": "string" } },
            "application/merge-patch+json": { "schema": { "type": "object" } },
        } },
        "responses": {
            "200": { "description": "As it is stored now.", "content": rdf_content() },
            "400": failure("The patch cannot be used, or the result does not fit."), "401": failure("The token is not accepted."),
            "403": failure("Not allowed."), "404": failure("There is no such thing."), "410": failure("It was deleted."),
            "412": failure("Somebody was faster."), "415": failure("The kind of patch is not known."),
        },
    })
}

fn versions() -> Value {
    json!({ "parameters": [in_path("id")], "get": json_answer("The versions, the newest first.", &[]) })
}

fn version() -> Value {
    json!({ "parameters": [in_path("id"), in_path("n")], "get": read("Exactly what was sent in a version.") })
}

/// What stands below a record about its past, and how it comes back.
fn past() -> Vec<(&'static str, Value)> {
    let history = json_answer(
        "What was done to it, the newest first: versions, authors, times, reasons; for a browser, a page.",
        &[
            query("before", "From before the change of this sequence number."),
            query("limit", "At most so many; 50 when not said, 200 at most."),
        ],
    );
    let difference = json_answer(
        "In what two versions differ: in words, as a page, or as RDF Patch (application/rdf-patch).",
        &[
            query("from", "The older version; when not said, the one before."),
            query(
                "to",
                "The newer version; when not said, the one that is read.",
            ),
            query("format", "json, html or patch, instead of Accept."),
        ],
    );
    let mut timemap = text(
        "The versions that the public saw (Memento, RFC 7089); as JSON with format=json.",
        "application/link-format",
    );
    timemap["parameters"] = json!([
        query("after", "From after this version."),
        query("format", "json.")
    ]);
    vec![
        ("/history", json!({ "get": history })),
        ("/difference", json!({ "get": difference })),
        ("/timemap", json!({ "get": timemap })),
        (
            "/restore",
            json!({ "post": act("Make an old version the newest.", &["version", "state", "reason"]) }),
        ),
        (
            "/undelete",
            json!({ "post": act("Bring a deleted record back, as a draft.", &["reason"]) }),
        ),
        (
            "/withdraw",
            json!({ "post": act("Take it away, with a notice for everybody; its address leads to what replaces it.", &["reason", "notice", "replaced_by"]) }),
        ),
        (
            "/confirm",
            json!({ "post": act("Say that the description is still correct (EHDS, Article 60).", &["version", "note"]) }),
        ),
        (
            "/review",
            json!({
                "get": json_answer("The review of a draft, for those who work on it; for a browser, a page.", &[]),
                "post": act("Take a step: submit, recall, comment, request-changes, approve, publish, withdraw, delete.", &["step", "text", "field", "version"]),
            }),
        ),
        (
            "/schedule",
            json!({ "post": act("Say when a draft is to be published; without a time, no longer.", &["publish_at", "reason"]) }),
        ),
        (
            "/rules",
            json!({
                "get": json_answer("How many must agree before a record of the catalogue is published.", &[]),
                "post": act("Say how many must agree, and whether writers may.", &["approvals", "four_eyes"]),
            }),
        ),
    ]
}

/// Something that is done with a record, asked for by JSON or by a form.
fn act(summary: &str, fields: &[&str]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                json!({ "type": ["string", "integer", "boolean", "null"] }),
            )
        })
        .collect();
    let schema = json!({ "schema": { "type": "object", "properties": properties } });
    json!({
        "summary": summary,
        "security": [{ "token": [] }],
        "requestBody": { "content": { "application/json": schema, "application/x-www-form-urlencoded": schema } },
        "responses": {
            "200": { "description": "Done.", "content": { "application/json": { "schema": { "type": "object" } } } },
            "303": { "description": "Done; the page to look at next." },
            "400": failure("Not from this state, or not understood."),
            "401": failure("The token is not accepted."),
            "403": failure("Not allowed."),
            "404": failure("There is no such thing."),
            "409": failure("Something stands in the way."),
            "410": failure("It was deleted."),
            "412": failure("Somebody was faster."),
        },
    })
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

/// The form of a record, which is made from its shapes.
fn form() -> Value {
    let mut get = page("The form of a record, whether or not there is one yet.");
    get["responses"]["303"] = json!({ "description": "Sign in first." });
    get["responses"]["403"] = failure("Not allowed.");
    let mut post = page("Presses a button of the form; everything that is typed in is sent.");
    post["requestBody"] = json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": { "type": "object" } } } });
    post["responses"]["303"] = json!({ "description": "Stored, published or discarded." });
    post["responses"]["400"] = json!({ "description": "It does not fit its profile: the form again, with what is wrong." });
    post["responses"]["403"] = failure("Not allowed, or signed out.");
    post["responses"]["409"] =
        json!({ "description": "Somebody changed the same: the form again, with both." });
    json!({ "get": of_record(get), "post": of_record(post) })
}

/// An operation whose permission hangs on the record and its catalogue.
fn of_record(mut operation: Value) -> Value {
    operation["security"] = json!([{ "token": [] }, { "session": [] }]);
    operation["responses"]["403"] = failure("Not allowed, or signed out.");
    operation
}

fn working() -> Value {
    let mut put = json_answer(
        "Keeps what is typed in; says what is wrong and who else writes.",
        &[],
    );
    put["requestBody"] = json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": { "type": "object" } } } });
    put["responses"]["403"] = failure("Signed out, or not allowed.");
    put["responses"]["412"] = failure("Another window has written since.");
    put["responses"]["413"] = failure("Too large, or too many.");
    let mut get = json_answer("What is kept, and who else writes.", &[]);
    get["responses"]["403"] = failure("Signed out, or not allowed.");
    json!({ "get": of_record(get), "put": of_record(put) })
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
            query("sense", "words|words, words|IRI or words|IRI|itself: what some of the words mean, where the answer's `understood` says that they could mean more."),
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

fn profiles() -> Value {
    let mut content = rdf_and_page();
    content["application/json"] = json!({ "schema": { "type": "object" } });
    json!({
        "summary": "In which profiles it can be had, and how it fits each.",
        "parameters": [query("format", "json, html, ttl, jsonld, rdf, nt, nq, trig or n3, instead of Accept.")],
        "responses": {
            "200": { "description": "The profiles, its own first.", "content": content },
            "404": failure("There is no such thing."),
            "406": failure("None of the wanted representations can be had."),
            "410": failure("It was withdrawn or deleted."),
        },
    })
}

fn preflight() -> Value {
    let mut get = profiles();
    get["summary"] = json!(
        "How it fits a profile, written in it: what to mend, what was said in other words, added or left out; in RDF, the report of SHACL."
    );
    get["responses"]["200"]["description"] = json!("The report.");
    get["responses"]["404"] =
        failure("There is no such thing, or it cannot be had in this profile.");
    json!({ "parameters": [in_path("id"), in_path("token")], "get": get })
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

pub(super) fn json_answer(summary: &str, parameters: &[Value]) -> Value {
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

/// What only a person with an account sees of themselves.
fn of_person(summary: &str, parameters: &[Value]) -> Value {
    let mut operation = json_answer(summary, parameters);
    operation["security"] = json!([{ "session": [] }]);
    operation["responses"]["401"] = failure("Nobody asks, or the token is not accepted.");
    operation["responses"]["403"] = failure("The token belongs to no account.");
    operation
}

/// What only the person themselves changes, in a form or in JSON.
fn of_person_to_change(summary: &str) -> Value {
    let mut operation = of_person(summary, &[]);
    operation["requestBody"] = json!({ "required": true, "content": {
        "application/x-www-form-urlencoded": { "schema": { "type": "object" } },
        "application/json": { "schema": { "type": "object" } },
    } });
    operation["responses"]["201"] = json!({ "description": "Made." });
    operation["responses"]["204"] = json!({ "description": "Done." });
    operation["responses"]["303"] = json!({ "description": "Done; where a browser goes on." });
    operation["responses"]["400"] = failure("Something is missing or not understood.");
    operation["responses"]["413"] = failure("Too large.");
    operation
}

fn with_parameters(mut operation: Value, more: Vec<Value>) -> Value {
    if let Some(parameters) = operation["parameters"].as_array_mut() {
        parameters.extend(more);
    }
    operation
}

pub(super) fn query(name: &str, description: &str) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": { "type": "string" } })
}

fn header(name: &str, description: &str) -> Value {
    json!({ "name": name, "in": "header", "description": description, "schema": { "type": "string" } })
}

pub(super) fn in_path(name: &str) -> Value {
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
