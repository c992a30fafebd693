//! What of the FAIR Data Point's own addresses stands in `openapi.json`?

use serde_json::{Map, Value, json};

use crate::catalogue::Kinds;
use crate::web::openapi::{failure, in_path, json_answer, query, rdf_content};

/// Adds the addresses to the paths of the document.
pub fn add(paths: &mut Map<String, Value>, kinds: &Kinds) {
    for (path, method, operation) in operations() {
        let item = paths.entry(path).or_insert_with(|| json!({}));
        item[method] = operation;
    }
    for kind in kinds.iter().filter(|kind| !kind.is_root()) {
        let path = format!("/{}/{{id}}/members", kind.prefix);
        let mut operation = secured(json_answer("Who may write in its catalogue.", &[]), &[]);
        operation["parameters"] = json!([in_path("id")]);
        operation["responses"]["404"] = failure("There is no such thing.");
        paths.insert(path, json!({ "get": operation }));
    }
}

fn operations() -> Vec<(&'static str, &'static str, Value)> {
    let get = "get";
    let post = "post";
    vec![
        ("/tokens", post, login()),
        (
            "/api-keys",
            get,
            signed_in(json_answer("One's keys, without their secrets.", &[])),
        ),
        (
            "/api-keys",
            post,
            made(of_local_users(json_answer(
                "Make a key; it is shown once.",
                &[],
            ))),
        ),
        (
            "/users",
            get,
            signed_in(json_answer(
                "Local users; for whoever is no steward, oneself.",
                &[],
            )),
        ),
        (
            "/users",
            post,
            sent(of_stewards(json_answer("Make a local user.", &[]))),
        ),
        (
            "/users/current",
            get,
            signed_in(json_answer("Who one is.", &[])),
        ),
        (
            "/memberships",
            get,
            signed_in(json_answer("The sorts of members.", &[])),
        ),
        (
            "/resource-definitions",
            get,
            json_answer("The kinds of records.", &[]),
        ),
        (
            "/resource-definitions/{uuid}",
            get,
            below(json_answer("A kind of records.", &[])),
        ),
        (
            "/profile/{uuid}",
            get,
            below(rdf("The profile of a kind, which leads to its shapes.")),
        ),
        (
            "/metadata-schemas",
            get,
            json_answer(
                "The schemas.",
                &[
                    query(
                        "drafts",
                        "true, with those that are not released; for stewards.",
                    ),
                    query("abstract", "false, without abstract ones."),
                ],
            ),
        ),
        (
            "/metadata-schemas",
            post,
            sent(of_stewards(json_answer("Make the draft of a schema.", &[]))),
        ),
        (
            "/metadata-schemas/public",
            get,
            json_answer("The schemas that others may import.", &[]),
        ),
        (
            "/metadata-schemas/updates",
            get,
            of_stewards(json_answer("What is new where schemas came from.", &[])),
        ),
        (
            "/metadata-schemas/preview",
            post,
            sent(rdf("The shapes of several schemas together.")),
        ),
        ("/metadata-schemas/{uuid}", get, below(schema())),
        ("/search", post, sent(json_answer("Search by words.", &[]))),
        (
            "/search/query",
            get,
            json_answer("The template of a search by pattern.", &[]),
        ),
        (
            "/search/query",
            post,
            sent(json_answer("Search by a pattern of SPARQL.", &[])),
        ),
        (
            "/search/filters",
            get,
            json_answer("Properties to filter by, with their values.", &[]),
        ),
        (
            "/search/query/saved",
            get,
            json_answer("Saved queries.", &[]),
        ),
        (
            "/search/query/saved",
            post,
            made(sent(signed_in(json_answer("Save a query.", &[])))),
        ),
        (
            "/forms/autocomplete",
            post,
            sent(json_answer("Terms that a text could mean.", &[])),
        ),
        (
            "/dashboard",
            get,
            signed_in(json_answer(
                "The records that one may write, as a tree.",
                &[],
            )),
        ),
        (
            "/configs/bootstrap",
            get,
            json_answer("What a client needs first.", &[]),
        ),
        (
            "/settings",
            get,
            of_stewards(json_answer("The settings, for stewards.", &[])),
        ),
        (
            "/v3/api-docs",
            get,
            json_answer(
                "This document, where clients of FAIR Data Points look for it.",
                &[],
            ),
        ),
        (
            "/actuator/info",
            get,
            json_answer("Name and version of the software.", &[]),
        ),
        (
            "/actuator/health",
            get,
            json_answer("Whether the server is up.", &[]),
        ),
        (
            "/index/ping",
            post,
            sent(json_answer("Announce a FAIR Data Point to the index.", &[])),
        ),
        (
            "/index/entries",
            get,
            json_answer(
                "The entries of the index, page by page.",
                &[
                    query("page", "Which page, from 0."),
                    query("size", "How many on a page."),
                    query(
                        "state",
                        "active, inactive, unreachable, invalid or unknown.",
                    ),
                    query(
                        "permit",
                        "accepted, pending, rejected or all; for stewards.",
                    ),
                ],
            ),
        ),
        (
            "/index/entries/all",
            get,
            json_answer("The entries of the index.", &[]),
        ),
        (
            "/index/entries/info",
            get,
            json_answer("How many entries there are of each state.", &[]),
        ),
        (
            "/index/entries/{uuid}",
            get,
            below(json_answer("An entry, with what a visit found.", &[])),
        ),
        (
            "/index/entries/{uuid}/records",
            get,
            below(json_answer(
                "The catalogues and datasets that a visit found.",
                &[],
            )),
        ),
        (
            "/index/settings",
            get,
            of_stewards(json_answer("The settings of the index, for stewards.", &[])),
        ),
    ]
}

/// For whoever holds a token, or has a session.
fn signed_in(operation: Value) -> Value {
    secured(
        operation,
        &["reader", "provider", "reviewer", "steward", "operator"],
    )
}

/// For those who may open a catalogue.
fn of_stewards(operation: Value) -> Value {
    secured(operation, &["steward", "operator"])
}

/// For those who signed in by e-mail and password.
fn of_local_users(operation: Value) -> Value {
    let mut operation = secured(operation, &[]);
    operation["security"] = json!([{ "localUser": [] }]);
    operation
}

/// Without roles it depends on the record.
fn secured(mut operation: Value, roles: &[&str]) -> Value {
    operation["security"] = json!([{ "token": roles }]);
    operation["responses"]["401"] = failure("The token is not accepted.");
    operation["responses"]["403"] = failure("Not allowed.");
    operation
}

/// An operation that takes a JSON object.
fn sent(mut operation: Value) -> Value {
    operation["requestBody"] = json!({
        "required": true, "content": { "application/json": { "schema": { "type": "object" } } },
    });
    operation["responses"]["400"] = failure("The body is not what is wanted.");
    operation["responses"]["413"] = failure("Too large.");
    operation
}

/// An operation that answers 201.
fn made(mut operation: Value) -> Value {
    operation["responses"]["201"] = operation["responses"]["200"].take();
    if let Some(responses) = operation["responses"].as_object_mut() {
        responses.remove("200");
    }
    operation
}

fn below(mut operation: Value) -> Value {
    operation["parameters"] = json!([in_path("uuid")]);
    operation["responses"]["404"] = failure("There is no such thing.");
    operation
}

fn rdf(summary: &str) -> Value {
    json!({ "summary": summary, "responses": {
        "200": { "description": "The statements.", "content": rdf_content() },
        "406": failure("None of the wanted representations can be had."),
    } })
}

/// Both as JSON and as RDF.
fn schema() -> Value {
    let mut operation = rdf("A schema: its versions, or its shapes.");
    operation["responses"]["200"]["content"]["application/json"] =
        json!({ "schema": { "type": "object" } });
    operation
}

fn login() -> Value {
    let mut operation = sent(json_answer(
        "Sign in by e-mail and password, or by a token in its place.",
        &[],
    ));
    operation["responses"]["401"] = failure("E-mail and password do not fit.");
    operation["responses"]["429"] = failure("Too many attempts.");
    operation
}
