//! Does whoever follows the server have exactly what it publishes: by its stream of changes, by dumps, by pages of the catalogue?

use std::collections::{BTreeMap, BTreeSet};

use vesalius::rdf::{Format, GraphName, NamedOrBlankNode, Quad, Term, format};

use crate::support::rdf::{DCT, RDF};
use crate::support::{Answer, Person, TestServer, dataset};

const AS: &str = "https://www.w3.org/ns/activitystreams#";
const TREE: &str = "https://w3id.org/tree#";
const HYDRA: &str = "http://www.w3.org/ns/hydra/core#";
const LDES: &str = "https://w3id.org/ldes#";

/// What a copy of the catalogue holds: of each record its title.
pub type Copy = BTreeMap<String, String>;

/// A server with some records, of which some have changed and some have gone.
fn busy(slug: &str) -> TestServer {
    let server = TestServer::start().with_catalogue(slug);
    let steward = server.steward();
    for n in 0..7 {
        publish(&server, slug, n, "One");
    }
    publish(&server, slug, 1, "Zebrafish");
    steward.withdraw(&path(2));
    steward.delete(&path(3)).is(204);
    steward.write(&path(9), text(&server, slug, 9, "Never shown"));
    steward.write(
        &format!("{}?state=draft", path(4)),
        text(&server, slug, 4, "Not yet shown"),
    );
    server.settle();
    server
}

fn path(n: usize) -> String {
    format!("/dataset/d{n}")
}

fn text(server: &TestServer, slug: &str, n: usize, title: &str) -> String {
    let catalogue = server.iri(&format!("/catalog/{slug}"));
    dataset(
        &server.base,
        &format!("d{n}"),
        &catalogue,
        &format!("{title} {n}"),
    )
}

fn publish(server: &TestServer, slug: &str, n: usize, title: &str) {
    let written = server
        .steward()
        .write(&path(n), text(server, slug, n, title));
    // What is written over a public record is public.
    if written.status == 201 {
        server.steward().publish(&path(n));
    }
}

/// What the records' own addresses say.
fn truth(server: &TestServer) -> Copy {
    let query = format!(
        "SELECT ?r ?t {{ GRAPH ?r {{ ?r a <http://www.w3.org/ns/dcat#Dataset> ; <{DCT}title> ?t }} }}"
    );
    let rows = server.nobody().select(&query);
    rows.into_iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect()
}

fn objects(quads: &[Quad], subject: &str, predicate: &str) -> Vec<Term> {
    let is_it = |quad: &&Quad| {
        matches!(&quad.subject, NamedOrBlankNode::NamedNode(node) if node.as_str() == subject)
            && quad.predicate.as_str() == predicate
    };
    quads
        .iter()
        .filter(is_it)
        .map(|quad| quad.object.clone())
        .collect()
}

fn iris(quads: &[Quad], predicate: &str) -> BTreeSet<String> {
    let named = |quad: &Quad| match &quad.object {
        Term::NamedNode(node) if quad.predicate.as_str() == predicate => {
            Some(node.as_str().to_owned())
        }
        _ => None,
    };
    quads.iter().filter_map(named).collect()
}

fn value(term: &Term) -> String {
    match term {
        Term::Literal(literal) => literal.value().to_owned(),
        Term::NamedNode(node) => node.as_str().to_owned(),
        other => other.to_string(),
    }
}

/// An activity as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    published: String,
    sequence: u64,
    class: String,
    object: String,
    title: Option<String>,
}

fn activities(quads: &[Quad]) -> Vec<Seen> {
    let mut found = Vec::new();
    for quad in quads
        .iter()
        .filter(|quad| quad.predicate.as_str() == format!("{AS}object"))
    {
        let NamedOrBlankNode::NamedNode(activity) = &quad.subject else {
            panic!("an activity without a name: {quad}");
        };
        let one = |predicate: String| value(&objects(quads, activity.as_str(), &predicate)[0]);
        let object = value(&quad.object);
        let in_payload = |quad: &&Quad| quad.graph_name == GraphName::NamedNode(activity.clone());
        let payload: Vec<Quad> = quads.iter().filter(in_payload).cloned().collect();
        found.push(Seen {
            published: one(format!("{AS}published")),
            sequence: one("https://github.com/EUCAIM/vesalius/ns#sequence".to_owned())
                .parse()
                .unwrap(),
            class: one(format!("{RDF}type")).trim_start_matches(AS).to_owned(),
            title: objects(&payload, &object, &format!("{DCT}title"))
                .first()
                .map(value),
            object,
        });
    }
    found
}

/// Reads a stream from its first page to its last, and expects its promises to be kept on the way.
pub fn follow(reader: &Person, root: &str, media_type: &str) -> Vec<Seen> {
    let mut found: Vec<Seen> = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(page) = open.pop() {
        let answer = reader.get_as(&page, media_type).is(200);
        assert_eq!(answer.media_type(), media_type, "{answer}");
        let quads = answer.quads();
        let closed = answer
            .header("cache-control")
            .unwrap()
            .contains("immutable");
        let says_so = !objects(&quads, &page, &format!("{LDES}immutable")).is_empty();
        assert_eq!(closed, says_so, "{answer}");
        let mut members = activities(&quads);
        members.sort();
        found.extend(members);
        let mut below: Vec<String> = Vec::new();
        for quad in quads
            .iter()
            .filter(|quad| quad.predicate.as_str() == format!("{TREE}node"))
        {
            let node = value(&quad.object);
            if !below.contains(&node) {
                below.push(node);
            }
        }
        let ways = quads
            .iter()
            .filter(|quad| quad.predicate.as_str() == format!("{TREE}relation"));
        assert_eq!(
            ways.count(),
            2 * below.len(),
            "two ways to each page: {answer}"
        );
        open.extend(below.into_iter().rev());
    }
    let in_order = found
        .windows(2)
        .all(|two| two[0].published < two[1].published && two[0].sequence < two[1].sequence);
    assert!(in_order, "{found:#?}");
    found
}

/// What a reader has who does what the activities say.
pub fn copy(activities: &[Seen]) -> Copy {
    let mut copy = Copy::new();
    for one in activities
        .iter()
        .filter(|one| one.object.contains("/dataset/"))
    {
        match (&*one.class, &one.title) {
            ("Delete", _) => drop(copy.remove(&one.object)),
            (_, Some(title)) => drop(copy.insert(one.object.clone(), title.clone())),
            (_, None) => (),
        }
    }
    copy
}

/// Every page of the catalogue, by the links to the next.
pub fn walk(reader: &Person, first: &str) -> Copy {
    let mut copy = Copy::new();
    let mut next = Some(first.to_owned());
    while let Some(page) = next.take() {
        let quads = reader.get(&page).is(200).quads();
        copy.extend(titles(&quads));
        next = iris(&quads, &format!("{HYDRA}next")).pop_first();
    }
    copy
}

pub fn titles(quads: &[Quad]) -> Copy {
    let titled = quads
        .iter()
        .filter(|quad| quad.predicate.as_str() == format!("{DCT}title"));
    let pair = |quad: &Quad| {
        let subject = quad.subject.to_string();
        let iri = subject.trim_matches(['<', '>']);
        let (_, id) = iri.split_once("/dataset/d")?;
        let is_record = id.bytes().all(|byte| byte.is_ascii_digit());
        is_record.then(|| (iri.to_owned(), value(&quad.object)))
    };
    titled.filter_map(pair).collect()
}

pub fn dump(answer: &Answer, extension: &str) -> Vec<u8> {
    use std::io::Read;
    let mut plain = Vec::new();
    match extension.rsplit('.').next().unwrap() {
        "zst" => plain = zstd::stream::decode_all(&*answer.body).unwrap(),
        "gz" => {
            let mut packed = flate2::read::GzDecoder::new(&*answer.body);
            packed.read_to_end(&mut plain).unwrap();
        }
        _ => plain.clone_from(&answer.body),
    }
    plain
}

#[test]
fn a_stream_leads_to_the_published_catalogue() {
    let server = busy("stream");
    let (nobody, truth) = (server.nobody(), truth(&server));
    assert_eq!(truth.len(), 5, "{truth:?}");
    for media_type in [
        "application/trig",
        "application/n-quads",
        "application/ld+json",
    ] {
        for root in ["/ldes", "/ldes/latest", "/ldes/catalog/stream"] {
            let found = follow(&nobody, &server.iri(root), media_type);
            assert_eq!(copy(&found), truth, "{root} as {media_type}");
            let shown = format!("{found:?}");
            assert!(!shown.contains("Never shown") && !shown.contains("Not yet shown"));
        }
    }
    let root = nobody.get_as("/ldes", "text/turtle").is(200);
    assert_eq!(root.media_type(), "text/turtle");
    let quads = root.quads();
    let stream = server.iri("/ldes#stream");
    for (predicate, object) in [
        ("timestampPath", "published"),
        ("versionOfPath", "object"),
        ("versionCreateObject", "Create"),
        ("versionUpdateObject", "Update"),
        ("versionDeleteObject", "Delete"),
    ] {
        let found = objects(&quads, &stream, &format!("{LDES}{predicate}"));
        assert_eq!(value(&found[0]), format!("{AS}{object}"));
    }
    assert_eq!(
        value(&objects(&quads, &stream, &format!("{TREE}view"))[0]),
        server.iri("/ldes")
    );
}

#[test]
fn a_reader_who_stopped_goes_on_where_it_was() {
    let server = busy("later");
    let nobody = server.nobody();
    let before = follow(&nobody, &server.iri("/ldes"), "application/trig");
    server.kill9();
    server.restart();
    publish(&server, "later", 5, "Three");
    server.steward().delete(&path(0)).is(204);
    server.steward().publish(&path(4));
    server.settle();
    let after = follow(&nobody, &server.iri("/ldes"), "application/trig");
    // What was taken away meanwhile is told without its description; all else stands as it stood.
    for (old, new) in before.iter().zip(&after) {
        assert_eq!(
            (old.sequence, &old.published, &old.class),
            (new.sequence, &new.published, &new.class)
        );
    }
    let news = &after[before.len()..];
    let mut kept = copy(&before);
    for one in news.iter().filter(|one| one.object.contains("/dataset/")) {
        match &one.title {
            Some(title) => drop(kept.insert(one.object.clone(), title.clone())),
            None => drop(kept.remove(&one.object)),
        }
    }
    assert_eq!(kept, truth(&server));
}

#[test]
fn a_page_is_asked_for_again_only_when_it_changed() {
    let server = busy("again");
    let nobody = server.nobody();
    let first = nobody.get_as("/ldes", "application/trig").is(200);
    let etag = first.header("etag").unwrap().to_owned();
    let ask = || {
        let request = nobody
            .request("GET", "/ldes")
            .header("Accept", "application/trig");
        request.header("If-None-Match", &etag).send()
    };
    ask().is(304);
    for gone in [
        "/ldes/1999",
        "/ldes/2026/13",
        "/ldes/x",
        "/ldes/catalog/none",
        "/ldes/catalog/again/1999",
    ] {
        nobody.get_as(gone, "application/trig").is(404);
    }
    let pages = follow(&nobody, &server.iri("/ldes"), "application/trig");
    let one = nobody.get_as(
        &format!("/dataset/d1/events/{}", pages.last().unwrap().sequence),
        "application/trig",
    );
    assert!(matches!(one.status, 200 | 404), "{one}");
}

#[test]
fn dumps_hold_everything_public_in_every_packing() {
    let server = busy("dumped");
    let nobody = server.nobody();
    let truth = truth(&server);
    let void = nobody.get("/.well-known/void").is(200).quads();
    let addresses = iris(&void, "http://rdfs.org/ns/void#dataDump");
    assert_eq!(addresses.len(), 6, "{addresses:?}");
    for address in addresses {
        let answer = nobody.get(&address).is(200);
        let (_, extension) = address.rsplit_once("/catalogue.").unwrap();
        let plain = dump(&answer, extension);
        let format = if extension.starts_with("nq") {
            Format::NQuads
        } else {
            Format::TriG
        };
        let quads = format::parse(&plain, format, None).unwrap();
        assert_eq!(titles(&quads), truth, "{address}");
    }
    let exported = server.stop();
    assert!(exported.success());
    let exported = server.cli(&["export"]);
    server.restart();
    let dumped = nobody.get("/dump/catalogue.nq").is(200);
    assert_eq!(
        exported.stdout, dumped.body,
        "the command writes the same bytes"
    );
}

#[test]
fn a_broken_transfer_of_a_dump_goes_on() {
    let server = busy("broken");
    let nobody = server.nobody();
    let whole = nobody.get("/dump/catalogue.nq").is(200);
    let etag = whole.header("etag").unwrap().to_owned();
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    publish(&server, "broken", 8, "Meanwhile");
    let newer = nobody.get("/dump/catalogue.nq").is(200);
    assert_ne!(newer.header("etag").unwrap(), etag);
    let rest = nobody
        .request("GET", "/dump/catalogue.nq")
        .header("Range", "bytes=1000-")
        .header("If-Range", &etag)
        .send()
        .is(206);
    assert_eq!(rest.body, whole.body[1000..], "the rest of the old one");
    let other = nobody
        .request("GET", "/dump/catalogue.nq")
        .header("Range", "bytes=1000-")
        .header("If-Range", "\"1.nq\"")
        .send()
        .is(200);
    assert_eq!(
        other.body, newer.body,
        "what is not kept any longer begins anew"
    );
    nobody
        .request("GET", "/dump/catalogue.nq")
        .header("Range", "bytes=99999999-")
        .send()
        .problem(416);
    let head = nobody.head("/dump/catalogue.nq").is(200);
    assert_eq!(
        head.header("content-length"),
        Some(newer.body.len().to_string().as_str())
    );
    for missing in ["/dump/catalogue.ttl", "/dump/catalogue-1.nq", "/dump/lock"] {
        nobody.get(missing).problem(404);
    }
}

#[test]
fn pages_of_the_catalogue_lead_through_everything() {
    let server = busy("paged");
    let nobody = server.nobody();
    let truth = truth(&server);
    for extension in ["ttl", "jsonld", "rdf", "nt", "nq", "trig", "n3"] {
        assert_eq!(
            walk(&nobody, &format!("/catalog.{extension}")),
            truth,
            "{extension}"
        );
    }
    let first = nobody.get("/catalog.ttl").is(200);
    assert!(
        first.header("link").unwrap().contains("rel=\"first\""),
        "{first}"
    );
    let etag = first.header("etag").unwrap();
    nobody
        .request("GET", "/catalog.ttl")
        .header("If-None-Match", etag)
        .send()
        .is(304);
    let later = walk(&nobody, "/catalog.ttl?modified_since=2999-01-01");
    assert!(later.is_empty(), "{later:?}");
    let found = walk(&nobody, "/catalog.ttl?q=zebrafish");
    assert_eq!(found.len(), 1, "{found:?}");
    for (pairs, field) in [
        ("page=0", "page"),
        ("modified_since=x", "modified_since"),
        ("fq=nothing:1", "fq"),
        ("fq=x", "fq"),
    ] {
        let problem = nobody.get(&format!("/catalog.ttl?{pairs}")).problem(400);
        assert_eq!(problem["field"], field);
    }
    nobody.get("/catalog.exe").problem(404);
}

#[test]
fn the_feed_of_changes_has_an_archive() {
    let server = busy("atom");
    let feed = server.nobody().get("/changes.atom").is(200);
    assert_eq!(feed.media_type(), "application/atom+xml");
    let text = feed.text();
    assert!(
        text.contains("Zebrafish 1") && !text.contains("Never shown"),
        "{text}"
    );
    server.nobody().get("/changes/0.atom").problem(404);
}
