//! Which shapes are there, in which versions, and which come from elsewhere? `/metadata-schemas`.
//!
//! The profiles of the server are schemas that only the operator changes: they are what records are checked against.
//! Beside them stewards keep schemas of their own, or of other FAIR Data Points: drafts, versions, for others to import.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::definitions::{name_of, target_classes};
use super::wire::{admin, drawn_id, json_body, nothing, of_json, of_ledger, segment};
use super::{FairDataPoint, operators};
use crate::catalogue::projection::blocking;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::ledger::Shelf;
use crate::outbound::Limits;
use crate::rdf::{Format, Triple, format};
use crate::shacl::Shapes;
use crate::web::answered;
use crate::web::error::{Answer, WebError};
use crate::web::linked_data::read::rdf as rdf_answer;
use crate::web::server::{Door, header_text, parameter};
use crate::web::{VARY, body, negotiate};

const WHAT: &str = "this schema";
const INSTEAD: &str =
    "It is a profile of the server: the operator changes it in the folder of the setting `shapes`.";
/// The longest shapes of one schema.
const DEFINITION_BYTES_MAX: usize = 512 * 1024;
/// The most versions of one schema.
const VERSIONS_MAX: usize = 200;
/// The largest list of schemas that is imported.
const IMPORT_BYTES_MAX: usize = 3 << 20;
const IMPORT_SECONDS_MAX: u64 = 30;
const SCHEMAS_PER_IMPORT_MAX: usize = 100;

pub(super) fn configure(service: &mut web::ServiceConfig) {
    service
        .route("/metadata-schemas", web::get().to(list))
        .route("/metadata-schemas", web::post().to(make))
        .route("/metadata-schemas/public", web::get().to(public))
        .route("/metadata-schemas/import", web::get().to(offered))
        .route("/metadata-schemas/import", web::post().to(import))
        .route("/metadata-schemas/updates", web::get().to(updates))
        .route("/metadata-schemas/preview", web::post().to(preview))
        .route("/metadata-schemas/{uuid}", web::get().to(one))
        .route("/metadata-schemas/{uuid}", web::delete().to(remove))
        .route("/metadata-schemas/{uuid}/draft", web::get().to(draft))
        .route("/metadata-schemas/{uuid}/draft", web::put().to(put_draft))
        .route(
            "/metadata-schemas/{uuid}/draft",
            web::delete().to(drop_draft),
        )
        .route("/metadata-schemas/{uuid}/versions", web::post().to(release))
        .route(
            "/metadata-schemas/{uuid}/versions/{version}",
            web::get().to(version),
        )
        .route(
            "/metadata-schemas/{uuid}/versions/{version}",
            web::put().to(put_version),
        )
        .route(
            "/metadata-schemas/{uuid}/versions/{version}",
            web::delete().to(drop_version),
        );
}

/// What a schema says, in a draft or in a version.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    abstract_schema: bool,
    /// Shapes, in Turtle.
    #[serde(default)]
    definition: String,
    #[serde(default)]
    extends_schema_uuids: Vec<String>,
    #[serde(default)]
    suggested_resource_name: Option<String>,
    #[serde(default)]
    suggested_url_prefix: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "the names on the wire")]
struct Version {
    version: String,
    version_uuid: String,
    #[serde(default)]
    previous_version_uuid: Option<String>,
    #[serde(default)]
    published: bool,
    /// INTERNAL, CUSTOM or REFERENCE.
    #[serde(default, rename = "type")]
    sort: String,
    #[serde(default)]
    origin: Option<String>,
    #[serde(default)]
    imported_from: Option<String>,
    #[serde(flatten)]
    content: Content,
}

/// A schema with its versions, the oldest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Schema {
    uuid: String,
    draft: Option<Content>,
    versions: Vec<Version>,
}

/// A version as it comes from another FAIR Data Point.
#[derive(Clone, Debug, Deserialize)]
struct Remote {
    uuid: String,
    #[serde(flatten)]
    version: Version,
}

impl Schema {
    fn latest(&self) -> Option<&Version> {
        self.versions.last()
    }

    fn version(&self, name: &str) -> Option<&Version> {
        match name {
            "latest" => self.latest(),
            name => self.versions.iter().find(|version| version.version == name),
        }
    }

    fn is_abstract(&self) -> bool {
        let content = self.latest().map(|latest| &latest.content);
        content
            .or(self.draft.as_ref())
            .is_some_and(|content| content.abstract_schema)
    }

    fn json(&self, children: &[String], with_draft: bool) -> Value {
        let latest = self.latest();
        let content = latest.map(|latest| &latest.content).or(self.draft.as_ref());
        let versions: Vec<&str> = self
            .versions
            .iter()
            .map(|one| one.version.as_str())
            .collect();
        json!({
            "uuid": self.uuid,
            "name": content.map(|content| &content.name),
            "latest": latest.map(|latest| self.version_json(latest)),
            "draft": self.draft.as_ref().filter(|_| with_draft).map(|draft| self.draft_json(draft)),
            "versions": versions,
            "extendSchemaUuids": content.map(|content| &content.extends_schema_uuids),
            "childSchemaUuids": children,
        })
    }

    fn version_json(&self, version: &Version) -> Value {
        let mut body = json!(version);
        let latest = self.latest().map(|latest| &latest.version_uuid);
        body["uuid"] = json!(self.uuid);
        body["latest"] = json!(latest == Some(&version.version_uuid));
        body["targetClasses"] = json!(target_classes(&shapes_of(&version.content.definition)));
        body
    }

    fn draft_json(&self, draft: &Content) -> Value {
        let mut body = json!(draft);
        body["uuid"] = json!(self.uuid);
        body["lastVersion"] = json!(self.latest().map(|latest| &latest.version));
        body
    }
}

/// The shapes of a definition that was checked when it came.
fn shapes_of(definition: &str) -> Vec<Triple> {
    let quads = format::parse(definition.as_bytes(), Format::Turtle, None);
    quads
        .unwrap_or_default()
        .into_iter()
        .map(Triple::from)
        .collect()
}

/// The profiles of the server as schemas, one for each kind.
fn profiles(catalogue: &Catalogue) -> Vec<Schema> {
    let of_kind = |kind: &crate::catalogue::Kind| {
        let profile = catalogue.profile_of(&kind.name, None).ok()?;
        let uuid = kind.schema_id();
        let turtle =
            format::write_triples(Format::Turtle, profile.triples().iter().map(Triple::as_ref));
        let version = Version {
            version: version_in(&profile.name),
            version_uuid: drawn_id("schema version", &format!("{uuid} {}", profile.digest)),
            previous_version_uuid: None,
            published: true,
            sort: "INTERNAL".to_owned(),
            origin: None,
            imported_from: None,
            content: Content {
                name: name_of(kind),
                description: profile.title("en").to_owned(),
                abstract_schema: false,
                definition: String::from_utf8_lossy(&turtle).into_owned(),
                extends_schema_uuids: Vec::new(),
                suggested_resource_name: Some(name_of(kind)),
                suggested_url_prefix: Some(kind.prefix.clone()),
            },
        };
        Some(Schema {
            uuid,
            draft: None,
            versions: vec![version],
        })
    };
    catalogue.kinds().iter().filter_map(of_kind).collect()
}

/// The version that the name of a profile ends with, such as `dcat-ap-3.0.1`, in three numbers.
fn version_in(name: &str) -> String {
    let tail = name.rsplit('-').next().unwrap_or_default();
    let numbers: Vec<u64> = tail
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect();
    let at = |place: usize| numbers.get(place).copied().unwrap_or(0);
    if numbers.is_empty() {
        return "1.0.0".to_owned();
    }
    format!("{}.{}.{}", at(0), at(1), at(2))
}

fn semantic(version: &str) -> Option<(u64, u64, u64)> {
    let mut parts = version.split('.').map(|part| part.parse().ok());
    let found = (parts.next()??, parts.next()??, parts.next()??);
    parts.next().is_none().then_some(found)
}

async fn kept(door: &Door) -> Result<Vec<Schema>, WebError> {
    let papers = door.catalogue.ledger().papers(Shelf::MetadataSchemas).await;
    let papers = papers.map_err(of_ledger)?;
    papers
        .iter()
        .map(|paper| of_json(paper.content.as_bytes()))
        .collect()
}

/// All schemas: the server's profiles, then those that were made or imported.
async fn all(door: &Door) -> Result<Vec<Schema>, WebError> {
    let mut all = profiles(&door.catalogue);
    all.extend(kept(door).await?);
    Ok(all)
}

async fn find(door: &Door, request: &HttpRequest) -> Result<Schema, WebError> {
    let uuid = segment(request, "uuid");
    let mut found = all(door)
        .await?
        .into_iter()
        .filter(|schema| schema.uuid == uuid);
    found.next().ok_or_else(|| nothing(request))
}

/// A schema that stewards may change.
async fn changeable(door: &Door, request: &HttpRequest) -> Result<Schema, WebError> {
    admin(door, request).await?;
    let uuid = segment(request, "uuid");
    if door
        .catalogue
        .kinds()
        .iter()
        .any(|kind| kind.schema_id() == uuid)
    {
        return Err(operators(WHAT, INSTEAD));
    }
    find(door, request).await
}

async fn keep(door: &Door, schema: &Schema) -> Result<(), WebError> {
    let ledger = door.catalogue.ledger();
    let now = door.catalogue.clock().now();
    let content = json!(schema).to_string();
    let put = ledger.put_paper(Shelf::MetadataSchemas, &schema.uuid, &content, now);
    put.await.map_err(of_ledger)
}

fn children_of(all: &[Schema], uuid: &str) -> Vec<String> {
    let extends = |schema: &&Schema| {
        let content = schema.latest().map(|latest| &latest.content);
        content.is_some_and(|content| content.extends_schema_uuids.iter().any(|one| one == uuid))
    };
    all.iter()
        .filter(extends)
        .map(|schema| schema.uuid.clone())
        .collect()
}

fn is_true(request: &HttpRequest, name: &str, default: bool) -> bool {
    parameter(request, name).map_or(default, |text| text != "false")
}

async fn list(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let drafts = is_true(&request, "drafts", false);
        if drafts {
            admin(&door, &request).await?;
        }
        let with_abstract = is_true(&request, "abstract", true);
        let all = all(&door).await?;
        let listed: Vec<Value> = all
            .iter()
            .filter(|schema| drafts || !schema.versions.is_empty())
            .filter(|schema| with_abstract || !schema.is_abstract())
            .map(|schema| schema.json(&children_of(&all, &schema.uuid), drafts))
            .collect();
        Ok(HttpResponse::Ok().json(listed))
    };
    answered(&door, &request, answer.await)
}

async fn public(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let all = all(&door).await?;
        let published = |schema: &Schema| {
            let latest = schema.latest().filter(|latest| latest.published)?;
            Some(schema.version_json(latest))
        };
        let published: Vec<Value> = all.iter().filter_map(published).collect();
        Ok(HttpResponse::Ok().json(published))
    };
    answered(&door, &request, answer.await)
}

async fn one(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let schema = find(&door, &request).await?;
        // A schema that was never released is not for everybody.
        let Some(latest) = schema.latest() else {
            admin(&door, &request).await?;
            return Ok(HttpResponse::Ok().json(schema.json(&[], true)));
        };
        if let Some(format) = rdf_asked(&request)? {
            return Ok(rdf_answer(format, &shapes_of(&latest.content.definition)));
        }
        let children = children_of(&all(&door).await?, &schema.uuid);
        Ok(HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .json(schema.json(&children, false)))
    };
    answered(&door, &request, answer.await)
}

/// The RDF format that a request asks for; JSON when none is named.
fn rdf_asked(request: &HttpRequest) -> Result<Option<Format>, WebError> {
    if let Some(name) = parameter(request, "format") {
        let known = Format::from_extension(&name);
        return Ok(known.filter(|_| name != "json"));
    }
    let json: &[&str] = &["application/json"];
    let mut offered = vec![json];
    offered.extend(Format::ALL.iter().map(|format| format.media_types()));
    let accept = header_text(request, header::ACCEPT);
    match negotiate::choose(accept, &offered) {
        Some(0) => Ok(None),
        Some(at) => Ok(Some(Format::ALL[at - 1])),
        None => Err(WebError::NotAcceptable {
            accept: accept.unwrap_or_default().to_owned(),
            offered: "application/json, text/turtle, application/ld+json".to_owned(),
        }),
    }
}

fn checked(content: Content) -> Result<Content, WebError> {
    let wrong = |message: String| WebError::Parameter {
        name: "definition",
        message,
    };
    if content.definition.len() > DEFINITION_BYTES_MAX {
        return Err(wrong(format!(
            "it is longer than {DEFINITION_BYTES_MAX} bytes"
        )));
    }
    let quads = format::parse(content.definition.as_bytes(), Format::Turtle, None);
    let quads = quads.map_err(|error| wrong(error.to_string()))?;
    let shapes: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
    Shapes::compile(&shapes).map_err(|error| wrong(error.to_string()))?;
    Ok(content)
}

/// Reads a draft; its shapes are compiled on a thread of their own.
async fn sent_content(
    request: &HttpRequest,
    payload: &mut web::Payload,
) -> Result<Content, WebError> {
    let bytes = body::bytes_within(2 * DEFINITION_BYTES_MAX, request, payload).await?;
    let content: Content = of_json(&bytes)?;
    checked_apart(content).await
}

async fn checked_apart(content: Content) -> Result<Content, WebError> {
    let work = move || Ok::<_, CatalogueError>(checked(content));
    blocking(work).await?
}

async fn make(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        let draft = sent_content(&request, &mut payload).await?;
        let schema = Schema {
            uuid: uuid::Uuid::new_v4().to_string(),
            draft: Some(draft),
            versions: Vec::new(),
        };
        keep(&door, &schema).await?;
        Ok(HttpResponse::Ok().json(draft_body(&schema)))
    };
    answered(&door, &request, answer.await)
}

fn draft_body(schema: &Schema) -> Value {
    schema
        .draft
        .as_ref()
        .map_or(Value::Null, |draft| schema.draft_json(draft))
}

async fn draft(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        let mut schema = find(&door, &request).await?;
        // Editing begins from what is in force.
        let latest = schema.latest().map(|latest| latest.content.clone());
        schema.draft = schema.draft.or(latest);
        Ok(HttpResponse::Ok().json(draft_body(&schema)))
    };
    answered(&door, &request, answer.await)
}

async fn put_draft(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let mut schema = changeable(&door, &request).await?;
        schema.draft = Some(sent_content(&request, &mut payload).await?);
        keep(&door, &schema).await?;
        Ok(HttpResponse::Ok().json(draft_body(&schema)))
    };
    answered(&door, &request, answer.await)
}

async fn drop_draft(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let mut schema = changeable(&door, &request).await?;
        schema.draft = None;
        put_back(&door, &schema).await
    };
    answered(&door, &request, answer.await)
}

/// Keeps a schema of which something was taken away, or takes away one of which nothing is left.
async fn put_back(door: &Door, schema: &Schema) -> Answer {
    if schema.draft.is_none() && schema.versions.is_empty() {
        let ledger = door.catalogue.ledger();
        let gone = ledger
            .remove_paper(Shelf::MetadataSchemas, &schema.uuid)
            .await;
        gone.map_err(of_ledger)?;
    } else {
        keep(door, schema).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

async fn remove(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let mut schema = changeable(&door, &request).await?;
        schema.draft = None;
        schema.versions.clear();
        put_back(&door, &schema).await
    };
    answered(&door, &request, answer.await)
}

#[derive(Deserialize)]
struct Release {
    version: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    published: bool,
}

async fn release(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let mut schema = changeable(&door, &request).await?;
        let wish: Release = json_body(&request, &mut payload).await?;
        released(&mut schema, wish)?;
        keep(&door, &schema).await?;
        Ok(HttpResponse::Ok().json(schema.latest().map(|latest| schema.version_json(latest))))
    };
    answered(&door, &request, answer.await)
}

/// Makes a version of the draft.
fn released(schema: &mut Schema, wish: Release) -> Result<(), WebError> {
    let wrong = |name: &'static str, message: String| WebError::Parameter { name, message };
    let number = semantic(&wish.version).ok_or_else(|| {
        wrong(
            "version",
            format!("{:?} is no version such as 1.2.0", wish.version),
        )
    })?;
    let last = schema.latest().and_then(|latest| semantic(&latest.version));
    if last.is_some_and(|last| number <= last) {
        return Err(wrong(
            "version",
            format!("{} is not newer than the last", wish.version),
        ));
    }
    if schema.versions.len() >= VERSIONS_MAX {
        return Err(wrong(
            "version",
            format!("there are {VERSIONS_MAX} versions already"),
        ));
    }
    let draft = schema.draft.take();
    let mut content =
        draft.ok_or_else(|| wrong("draft", "there is no draft to release".to_owned()))?;
    content.description = wish.description.unwrap_or(content.description);
    schema.versions.push(Version {
        version: wish.version,
        version_uuid: uuid::Uuid::new_v4().to_string(),
        previous_version_uuid: schema.latest().map(|latest| latest.version_uuid.clone()),
        published: wish.published,
        sort: "CUSTOM".to_owned(),
        origin: None,
        imported_from: None,
        content,
    });
    Ok(())
}

async fn version(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let schema = find(&door, &request).await?;
        let found = schema.version(segment(&request, "version"));
        let found = found.ok_or_else(|| nothing(&request))?;
        if let Some(format) = rdf_asked(&request)? {
            return Ok(rdf_answer(format, &shapes_of(&found.content.definition)));
        }
        Ok(HttpResponse::Ok()
            .insert_header((header::VARY, VARY))
            .json(schema.version_json(found)))
    };
    answered(&door, &request, answer.await)
}

#[derive(Deserialize)]
struct Republish {
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    published: Option<bool>,
}

/// What is said about a version may change; its shapes never do.
async fn put_version(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let mut schema = changeable(&door, &request).await?;
        let wish: Republish = json_body(&request, &mut payload).await?;
        let at = place_of(&schema, &request)?;
        let version = &mut schema.versions[at];
        version.published = wish.published.unwrap_or(version.published);
        if let Some(description) = wish.description {
            version.content.description = description;
        }
        keep(&door, &schema).await?;
        Ok(HttpResponse::Ok().json(schema.version_json(&schema.versions[at])))
    };
    answered(&door, &request, answer.await)
}

async fn drop_version(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        let mut schema = changeable(&door, &request).await?;
        let at = place_of(&schema, &request)?;
        schema.versions.remove(at);
        put_back(&door, &schema).await
    };
    answered(&door, &request, answer.await)
}

/// Where the version of the address stands.
fn place_of(schema: &Schema, request: &HttpRequest) -> Result<usize, WebError> {
    let wanted = schema.version(segment(request, "version"));
    let wanted = wanted.map(|version| version.version_uuid.as_str());
    let mut places = schema.versions.iter();
    let at = places.position(|version| Some(version.version_uuid.as_str()) == wanted);
    at.ok_or_else(|| nothing(request))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Preview {
    metadata_schema_uuids: Vec<String>,
}

async fn preview(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        let wish: Preview = json_body(&request, &mut payload).await?;
        let all = all(&door).await?;
        let wanted = all
            .iter()
            .filter(|schema| wish.metadata_schema_uuids.contains(&schema.uuid));
        let versions = wanted.filter_map(Schema::latest);
        let shapes = versions.flat_map(|version| shapes_of(&version.content.definition));
        let shapes = crate::catalogue::incoming::distinct(shapes.collect());
        let format = rdf_asked(&request)?.unwrap_or(Format::Turtle);
        Ok(rdf_answer(format, &shapes))
    };
    answered(&door, &request, answer.await)
}

async fn updates(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        // What was imported is compared when it is imported again: nothing is fetched unasked.
        Ok(HttpResponse::Ok().json(Vec::<Value>::new()))
    };
    answered(&door, &request, answer.await)
}

/// How a schema of another FAIR Data Point stands to ours.
fn status(all: &[Schema], remote: &Remote) -> &'static str {
    let Some(ours) = all.iter().find(|schema| schema.uuid == remote.uuid) else {
        return "NOT_IMPORTED";
    };
    let theirs = &remote.version;
    let same = |version: &&Version| version.version == theirs.version;
    match ours.versions.iter().find(same) {
        Some(known) if known.content.definition == theirs.content.definition => "ALREADY_IMPORTED",
        None if ours.draft.is_some() => "DIRTY",
        None if ours
            .versions
            .iter()
            .all(|version| version.imported_from.is_some()) =>
        {
            "NOT_IMPORTED"
        }
        Some(_) | None => "CONFLICT",
    }
}

/// `GET /metadata-schemas/import?from=URL`: what another FAIR Data Point offers.
async fn offered(
    door: web::Data<Door>,
    fdp: web::Data<FairDataPoint>,
    request: HttpRequest,
) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        let from = parameter(&request, "from").ok_or_else(|| WebError::Parameter {
            name: "from",
            message: "name the address of a FAIR Data Point".to_owned(),
        })?;
        let found = fetch(&fdp, &from).await?;
        let remotes: Vec<Remote> = of_json(&found)?;
        let values: Vec<Value> = of_json(&found)?;
        let all = all(&door).await?;
        let rows = remotes.iter().zip(values).take(SCHEMAS_PER_IMPORT_MAX);
        let rows: Vec<Value> = rows
            .map(|(remote, mut schema)| {
                let status = status(&all, remote);
                schema["importedFrom"] = json!(from);
                json!({ "schema": schema, "status": status, "canImport": status == "NOT_IMPORTED" })
            })
            .collect();
        Ok(HttpResponse::Ok().json(rows))
    };
    answered(&door, &request, answer.await)
}

async fn fetch(fdp: &FairDataPoint, from: &str) -> Result<Vec<u8>, WebError> {
    let address = format!("{}/metadata-schemas/public", from.trim_end_matches('/'));
    let outbound = fdp.outbound.clone();
    let work = move || {
        let limits = Limits {
            bytes_max: IMPORT_BYTES_MAX,
            timeout: std::time::Duration::from_secs(IMPORT_SECONDS_MAX),
            accept: "application/json".to_owned(),
            ..Limits::default()
        };
        Ok::<_, CatalogueError>(outbound.fetch(&address, &limits))
    };
    let fetched = blocking(work).await?;
    let fetched = fetched.map_err(|error| WebError::Parameter {
        name: "from",
        message: error.to_string(),
    })?;
    Ok(fetched.bytes)
}

/// `POST /metadata-schemas/import`: keeps the versions that were chosen.
async fn import(
    door: web::Data<Door>,
    request: HttpRequest,
    mut payload: web::Payload,
) -> HttpResponse {
    let answer = async {
        admin(&door, &request).await?;
        let bytes = body::bytes_within(IMPORT_BYTES_MAX, &request, &mut payload).await?;
        let chosen: Vec<Remote> = of_json(&bytes)?;
        if chosen.len() > SCHEMAS_PER_IMPORT_MAX {
            let (found, max) = (chosen.len(), SCHEMAS_PER_IMPORT_MAX);
            return Err(CatalogueError::TooMany { found, max }.into());
        }
        let mut taken = Vec::new();
        for remote in chosen {
            let all = all(&door).await?;
            if status(&all, &remote) == "NOT_IMPORTED" {
                taken.push(take(&door, &all, remote).await?);
            }
        }
        Ok(HttpResponse::Ok().json(taken))
    };
    answered(&door, &request, answer.await)
}

/// Keeps a version of another FAIR Data Point under the identifier that it has there.
async fn take(door: &Door, all: &[Schema], remote: Remote) -> Result<Value, WebError> {
    let parse = |text: &str| uuid::Uuid::parse_str(text).is_ok();
    if !parse(&remote.uuid) || semantic(&remote.version.version).is_none() {
        return Err(WebError::Json(
            "a schema has no proper uuid and version".to_owned(),
        ));
    }
    let content = checked_apart(remote.version.content).await?;
    let known = all.iter().find(|schema| schema.uuid == remote.uuid);
    let mut schema = known.cloned().unwrap_or(Schema {
        uuid: remote.uuid,
        draft: None,
        versions: Vec::new(),
    });
    let imported_from = remote
        .version
        .imported_from
        .or(remote.version.origin.clone());
    schema.versions.push(Version {
        sort: "REFERENCE".to_owned(),
        imported_from: Some(imported_from.unwrap_or_default()),
        content,
        ..remote.version
    });
    schema
        .versions
        .sort_by_key(|version| semantic(&version.version));
    schema.versions.truncate(VERSIONS_MAX);
    keep(door, &schema).await?;
    Ok(schema
        .latest()
        .map(|latest| schema.version_json(latest))
        .unwrap_or_default())
}

/// Keeps the versions of a schema of another FAIR Data Point, for the operator who takes it over. One that has the
/// identifier of a profile of ours gets another, since it is not what records are checked against. False when nothing is new.
pub async fn keep_schema(
    catalogue: &Catalogue,
    uuid: &str,
    versions: Vec<Value>,
    from: &str,
) -> Result<bool, WebError> {
    let ours = profiles(catalogue)
        .into_iter()
        .find(|schema| schema.uuid == uuid);
    let is_ours = |version: &Version| {
        let latest = ours.as_ref().and_then(Schema::latest);
        latest.is_some_and(|latest| latest.version_uuid == version.version_uuid)
    };
    let mut read = Vec::new();
    for version in versions {
        let mut version: Version =
            serde_json::from_value(version).map_err(|error| WebError::Json(error.to_string()))?;
        if !is_ours(&version) {
            version.content = checked_apart(version.content).await?;
            version.imported_from = Some(from.to_owned());
            read.push(version);
        }
    }
    if read.is_empty() {
        return Ok(false);
    }
    read.sort_by_key(|version| semantic(&version.version));
    read.truncate(VERSIONS_MAX);
    let uuid = match ours {
        Some(_) => drawn_id("imported schema", &format!("{from} {uuid}")),
        None => uuid.to_owned(),
    };
    let schema = Schema {
        uuid,
        draft: None,
        versions: read,
    };
    let content = json!(schema).to_string();
    let known = catalogue
        .ledger()
        .paper(Shelf::MetadataSchemas, &schema.uuid)
        .await;
    if known
        .map_err(of_ledger)?
        .is_some_and(|known| known.content == content)
    {
        return Ok(false);
    }
    let put = catalogue.ledger();
    let put = put.put_paper(
        Shelf::MetadataSchemas,
        &schema.uuid,
        &content,
        catalogue.clock().now(),
    );
    put.await.map_err(of_ledger)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_has_the_version_that_its_name_ends_with() {
        assert_eq!(version_in("dcat-ap-3.0.1"), "3.0.1");
        assert_eq!(version_in("eucaim-dcat-ap-2.0"), "2.0.0");
        assert_eq!(version_in("healthdcat-ap"), "1.0.0");
    }

    #[test]
    fn only_three_numbers_are_a_version() {
        assert_eq!(semantic("1.20.3"), Some((1, 20, 3)));
        assert_eq!(semantic("1.2"), None);
        assert_eq!(semantic("1.2.3.4"), None);
        assert_eq!(semantic("1.2.x"), None);
    }
}
