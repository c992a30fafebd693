//! Does a FAIR Data Point move here whole: every record, draft, state, member and IRI, once and again?

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use serde_json::{Value, json};

use vesalius::rdf::{Format, GraphName, Quad, Triple, format};

use crate::support::rdf::{assert_isomorphic, iris};
use crate::support::stand_in::{Asked, StandIn, Told};
use crate::support::{TestServer, command, dataset};

/// Where something moves to: a data folder with the address that it will have.
struct Target {
    folder: tempfile::TempDir,
    base: String,
}

impl Target {
    fn new(base: &str) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("vesalius-it-")
            .tempdir()
            .unwrap();
        let base = base.to_owned();
        Self { folder, base }
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        command(&self.data(), &self.base, arguments)
            .output()
            .unwrap()
    }

    #[track_caller]
    fn import(&self, url: &str, token: Option<&str>, code: i32) -> String {
        let mut arguments = vec!["import-fdp", url, "--allow-private"];
        arguments.extend(token.into_iter().flat_map(|token| ["--token", token]));
        let output = self.run(&arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let told = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{told}");
        told
    }

    /// What the public reads of a record here.
    fn public(&self, iri: &str) -> Vec<Triple> {
        let file = self.folder.path().join("all.nq");
        assert!(
            self.run(&["export", file.to_str().unwrap()])
                .status
                .success()
        );
        let quads = format::parse(&fs::read(file).unwrap(), Format::NQuads, None).unwrap();
        let of = |quad: &Quad| matches!(&quad.graph_name, GraphName::NamedNode(name) if name.as_str() == iri);
        quads.into_iter().filter(of).map(Triple::from).collect()
    }
}

/// The numbers of a kind: published and drafts there, then new, changed, the same, gone.
#[track_caller]
fn counts(told: &str, kind: &str) -> Vec<usize> {
    let line = told
        .lines()
        .find(|line| line.starts_with(&format!("{kind}\t")));
    let line = line.unwrap_or_else(|| panic!("no {kind} in {told}"));
    line.split('\t')
        .skip(1)
        .map(|number| number.parse().unwrap())
        .collect()
}

fn filled() -> TestServer {
    let server = TestServer::start().with_catalogue("moving");
    let steward = server.steward();
    let catalogue = server.iri("/catalog/moving");
    for (slug, state) in [
        ("open", "published"),
        ("second", "published"),
        ("hidden", "draft"),
    ] {
        let text = dataset(&server.base, slug, &catalogue, "Moving");
        steward.write(&format!("/dataset/{slug}?state={state}"), text);
    }
    server
}

#[test]
fn one_of_ours_moves_whole_and_again() {
    let server = filled();
    let steward = server.steward();
    let user =
        json!({ "firstName": "Ada", "lastName": "L", "email": "ada@example.org", "role": "USER" });
    let user = steward
        .post("/users", "application/json", user.to_string())
        .is(200)
        .json();
    let uuid = user["uuid"].as_str().unwrap();
    let member = json!({ "membershipUuid": "49f2bcfd-ef0a-4a3a-a1a3-0fc72a6892a8" });
    steward
        .put(
            &format!("/catalog/moving/members/{uuid}"),
            "application/json",
            member.to_string(),
        )
        .is(200);
    let target = Target::new(&server.base);
    let told = target.import(&server.base, Some(steward.token()), 0);
    assert_eq!(counts(&told, "dataset"), [2, 1, 3, 0, 0, 0], "{told}");
    assert_eq!(counts(&told, "catalog"), [1, 0, 1, 0, 0, 0], "{told}");
    assert!(
        told.contains("5 records there, 5 here, 0 not taken"),
        "{told}"
    );
    assert!(told.contains("1 people, 1 memberships"), "{told}");
    for slug in ["open", "second"] {
        let sent = server
            .nobody()
            .get(&format!("/dataset/{slug}/versions/1"))
            .is(200)
            .triples();
        assert_isomorphic(
            &target.public(&server.iri(&format!("/dataset/{slug}"))),
            &sent,
            slug,
        );
    }
    assert!(
        target.public(&server.iri("/dataset/hidden")).is_empty(),
        "a draft stays one"
    );
    let users = String::from_utf8(target.run(&["user", "list"]).stdout).unwrap();
    assert!(
        users.contains(uuid) && users.contains("/catalog/moving"),
        "{users}"
    );
    let again = target.import(&server.base, Some(steward.token()), 0);
    assert_eq!(counts(&again, "dataset"), [2, 1, 0, 0, 3, 0], "{again}");
    // What changes there meanwhile comes with the next run, and nothing else.
    let catalogue = server.iri("/catalog/moving");
    steward.write(
        "/dataset/open",
        dataset(&server.base, "open", &catalogue, "Moved on"),
    );
    steward.publish("/dataset/hidden");
    let third = target.import(&server.base, Some(steward.token()), 0);
    assert_eq!(counts(&third, "dataset"), [3, 0, 0, 2, 1, 0], "{third}");
    assert!(!target.public(&server.iri("/dataset/hidden")).is_empty());
}

#[test]
fn without_a_token_what_everybody_reads_is_taken() {
    let server = filled();
    let target = Target::new("https://new.example");
    let told = target.import(&server.base, None, 0);
    assert_eq!(counts(&told, "dataset"), [2, 0, 2, 0, 0, 0], "{told}");
    assert!(
        told.contains("the root here stays <https://new.example>"),
        "{told}"
    );
    let sent = server
        .nobody()
        .get("/dataset/open/versions/1")
        .is(200)
        .triples();
    assert_isomorphic(
        &target.public(&server.iri("/dataset/open")),
        &sent,
        "it keeps its IRI",
    );
    let private = target.run(&["import-fdp", &server.base]);
    assert_eq!(
        private.status.code(),
        Some(2),
        "a private address only when one says so"
    );
}

const TOKEN: &str = "a.reference.jwt";
const FDP: &str = "https://w3id.org/fdp/fdp-o#";

/// A FAIR Data Point with the shapes of the reference implementation.
fn reference() -> StandIn {
    StandIn::start(|base, asked| {
        let is_admin = asked.header("authorization") == format!("Bearer {TOKEN}");
        let path = asked
            .path
            .split('?')
            .next()
            .unwrap_or_default()
            .trim_end_matches('/');
        if let Some(body) = json_of(base, path, is_admin) {
            return Told(200, "application/json", body.to_string());
        }
        match turtle_of(base, path, is_admin) {
            Some(text) => Told(200, "text/turtle", text),
            None => refused(asked),
        }
    })
}

fn refused(_: &Asked) -> Told {
    Told(
        403,
        "application/json",
        r#"{"status":403,"message":"You are not allow to view this record in state DRAFT"}"#
            .to_owned(),
    )
}

fn definitions() -> Value {
    const ROOT: &str = "77aaad6a-0136-4c6e-88b9-07ffccd0ee4c";
    const CATALOG: &str = "a0949e72-4466-4d53-8900-9436d1049a4b";
    const DATASET: &str = "2f08228e-1789-40f8-84cd-28e3288c3604";
    const DISTRIBUTION: &str = "02c649de-c579-43bb-b470-306abdc808c7";
    let definition = |uuid: &str, name: &str, prefix: &str, classes: &[&str], children: Value| json!({ "uuid": uuid, "name": name, "urlPrefix": prefix, "metadataSchemaUuids": [], "targetClassUris": classes, "children": children, "externalLinks": [] });
    let child = |uuid: &str, relation: &str| json!([{ "resourceDefinitionUuid": uuid, "relationUri": relation, "listView": { "title": "x", "tagsUri": null, "metadata": [] } }]);
    json!([
        definition(
            ROOT,
            "FAIR Data Point",
            "",
            &["https://w3id.org/fdp/fdp-o#FAIRDataPoint"],
            child(CATALOG, &format!("{FDP}metadataCatalog"))
        ),
        definition(
            CATALOG,
            "Catalog",
            "catalog",
            &["http://www.w3.org/ns/dcat#Catalog"],
            child(DATASET, "http://www.w3.org/ns/dcat#dataset")
        ),
        definition(
            DATASET,
            "Dataset",
            "dataset",
            &["http://www.w3.org/ns/dcat#Dataset"],
            child(DISTRIBUTION, "http://www.w3.org/ns/dcat#distribution")
        ),
        definition(
            DISTRIBUTION,
            "Distribution",
            "distribution",
            &["http://www.w3.org/ns/dcat#Distribution"],
            json!([])
        ),
        definition(
            "11111111-2222-4333-8444-555555555555",
            "Biobank",
            "biobank",
            &["http://purl.org/biobank#Biobank"],
            json!([])
        ),
    ])
}

fn json_of(base: &str, path: &str, is_admin: bool) -> Option<Value> {
    let albert = json!({ "uuid": "7e64818d-6276-46fb-8bb1-732e6e09f7e9", "firstName": "Albert", "lastName": "E", "email": "albert.einstein@example.com", "role": "ADMIN" });
    let owner = json!({ "uuid": "49f2bcfd-ef0a-4a3a-a1a3-0fc72a6892a8", "name": "Owner", "permissions": [{ "mask": 2, "code": "W" }], "allowedEntities": [] });
    let meta = |state: &str, children: Value| {
        let mut meta = json!({ "member": {}, "path": {} });
        if is_admin {
            meta["state"] = json!({ "current": state, "children": children });
        }
        meta
    };
    let version = json!({
        "uuid": "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee", "version": "1.0.0", "versionUuid": "aaaaaaaa-bbbb-4ccc-8ddd-ffffffffffff",
        "previousVersionUuid": null, "name": "Study", "published": true, "abstractSchema": false, "latest": true, "type": "CUSTOM",
        "origin": null, "importedFrom": null, "description": "", "targetClasses": ["http://example.org/Study"], "extendsSchemaUuids": [],
        "suggestedResourceName": null, "suggestedUrlPrefix": null,
        "definition": "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://example.org/S> a sh:NodeShape ; sh:targetClass <http://example.org/Study> .",
    });
    Some(match path {
        "/configs/bootstrap" => {
            json!({ "persistentUrl": base, "resourceDefinitions": definitions(), "index": false })
        }
        "/resource-definitions" => definitions(),
        "/users" if is_admin => json!([albert]),
        "/catalog/c1/members" if is_admin => json!([{ "user": albert, "membership": owner }]),
        "/meta" => meta(
            "PUBLISHED",
            json!({ format!("{base}/catalog/c1"): "PUBLISHED" }),
        ),
        "/catalog/c1/meta" => meta(
            "PUBLISHED",
            json!({ format!("{base}/dataset/d1"): "PUBLISHED", format!("{base}/dataset/d2"): "DRAFT" }),
        ),
        "/dataset/d1/meta" => meta(
            "PUBLISHED",
            json!({ format!("{base}/distribution/x1"): "PUBLISHED" }),
        ),
        "/dataset/d2/meta" if is_admin => meta("DRAFT", json!({})),
        "/distribution/x1/meta" => meta("PUBLISHED", json!({})),
        "/metadata-schemas" => {
            json!([{ "uuid": version["uuid"], "name": "Study", "latest": version, "draft": null, "versions": ["1.0.0"], "extendSchemaUuids": [], "childSchemaUuids": [] }])
        }
        "/metadata-schemas/aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee/versions/1.0.0" => version,
        _ => return None,
    })
}

fn turtle_of(base: &str, path: &str, is_admin: bool) -> Option<String> {
    let record = |path: &str, class: &str, parent: &str, more: &str| {
        let parent = if parent == "-" {
            String::new()
        } else {
            format!("dct:isPartOf <{base}{parent}> ;")
        };
        format!(
            "@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
             @prefix ldp: <http://www.w3.org/ns/ldp#> . @prefix fdp: <{FDP}> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
             <{base}{path}> a {class}, dcat:Resource ; dct:title 'Title of {path}' ; rdfs:label 'Title of {path}' ; {parent}
               dct:publisher [ a <http://xmlns.com/foaf/0.1/Agent> ; <http://xmlns.com/foaf/0.1/name> 'Somebody' ] ;
               fdp:metadataIdentifier <{base}{path}#identifier> ; fdp:metadataIssued '2020-01-02T03:04:05Z' ; fdp:metadataModified '2021-01-02T03:04:05Z' ;
               dct:conformsTo <{base}/profile/1> .
             <{base}/profile/1> rdfs:label 'Profile' .
             <{base}{path}#identifier> a <http://purl.org/spar/datacite/Identifier> ; dct:identifier '{base}{path}' .
             {more}"
        )
    };
    let container = |prefix: &str, of: &str, relation: &str, members: &[&str]| {
        let members: Vec<String> = members
            .iter()
            .map(|member| format!("<{base}{member}>"))
            .collect();
        let all = members.join(", ");
        format!(
            "<{base}/{prefix}/> a ldp:DirectContainer ; dct:title 'Children' ; ldp:membershipResource <{base}{of}> ;
               ldp:hasMemberRelation {relation} ; ldp:contains {all} . <{base}{of}> {relation} {all} ."
        )
    };
    Some(match path {
        "" => record(
            "",
            "fdp:FAIRDataPoint",
            "-",
            &container("catalog", "", "fdp:metadataCatalog", &["/catalog/c1"]),
        ),
        "/catalog/c1" => {
            let members: &[&str] = if is_admin {
                &["/dataset/d1", "/dataset/d2"]
            } else {
                &["/dataset/d1"]
            };
            record(
                "/catalog/c1",
                "dcat:Catalog",
                "",
                &container("dataset", "/catalog/c1", "dcat:dataset", members),
            )
        }
        "/dataset/d1" => record(
            "/dataset/d1",
            "dcat:Dataset",
            "/catalog/c1",
            &container(
                "distribution",
                "/dataset/d1",
                "dcat:distribution",
                &["/distribution/x1"],
            ),
        ),
        "/dataset/d2" if is_admin => record("/dataset/d2", "dcat:Dataset", "/catalog/c1", ""),
        "/distribution/x1" => record("/distribution/x1", "dcat:Distribution", "/dataset/d1", ""),
        _ => return None,
    })
}

#[test]
fn the_reference_moves_whole_with_drafts_members_and_schemas() {
    let old = reference();
    // Under another base than its own: IRIs stay all the same.
    for base in ["https://new.example", old.base.as_str()] {
        let target = Target::new(base);
        let told = target.import(&old.base, Some(TOKEN), 0);
        assert_eq!(counts(&told, "catalog"), [1, 0, 1, 0, 0, 0], "{told}");
        assert_eq!(counts(&told, "dataset"), [1, 1, 2, 0, 0, 0], "{told}");
        assert_eq!(counts(&told, "distribution"), [1, 0, 1, 0, 0, 0], "{told}");
        assert!(
            told.contains("1 schemas, 1 people, 1 memberships"),
            "{told}"
        );
        assert!(told.contains("Biobank has no counterpart"), "{told}");
        assert!(
            told.contains("do not fit their profile here and are kept as they are"),
            "{told}"
        );
        let record = format!("{}/dataset/d1", old.base);
        let public = target.public(&record);
        assert!(!public.is_empty(), "what was published stays so: {told}");
        let dct = "http://purl.org/dc/terms/";
        assert_eq!(
            iris(&public, &record, &format!("{dct}isPartOf")),
            [format!("{}/catalog/c1", old.base)]
        );
        assert!(
            iris(&public, &record, &format!("{dct}conformsTo")).is_empty(),
            "{public:?}"
        );
        assert!(
            iris(&public, &record, &format!("{FDP}metadataIdentifier")).is_empty(),
            "the server says it itself"
        );
        assert!(
            target
                .public(&format!("{}/dataset/d2", old.base))
                .is_empty(),
            "a draft"
        );
        assert!(
            !target
                .public(&format!("{}/distribution/x1", old.base))
                .is_empty()
        );
        let again = target.import(&old.base, Some(TOKEN), 0);
        assert_eq!(counts(&again, "dataset"), [1, 1, 0, 0, 2, 0], "{again}");
        assert!(again.contains("0 schemas"), "{again}");
    }
}
