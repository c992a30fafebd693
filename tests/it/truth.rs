//! Does every door tell the same truth, after whatever happened? A storm of changes with crashes in it, and then everybody counts.

use std::collections::{BTreeMap, BTreeSet};

use vesalius::rdf::{Format, format};

use crate::feeds::{Copy, copy, dump, follow, titles, walk};
use crate::support::rdf::{self, LDP};
use crate::support::{Chance, Person, TestServer, dataset};

/// The same seed gives the same storm.
const SEED: u64 = 20_261_126;
const STEPS: usize = 160;
const RECORDS: usize = 24;
const CATALOGUES: [&str; 3] = ["one", "two", "three"];
/// So many steps pass between two ends of the server, well or badly.
const CALM: usize = 40;

/// What was acknowledged of each record: the title that the public sees, if any.
type Model = BTreeMap<usize, Option<String>>;

struct Storm {
    server: TestServer,
    chance: Chance,
    model: Model,
    /// The title of a draft that waits above.
    drafts: BTreeMap<usize, String>,
    exists: BTreeSet<usize>,
    /// Records that are gone for good.
    deleted: BTreeSet<usize>,
}

impl Storm {
    fn begin() -> Self {
        let mut server = TestServer::start();
        for catalogue in CATALOGUES {
            server = server.with_catalogue(catalogue);
        }
        Self {
            server,
            chance: Chance::new(SEED),
            model: Model::new(),
            drafts: BTreeMap::new(),
            exists: BTreeSet::new(),
            deleted: BTreeSet::new(),
        }
    }

    fn blow(&mut self) {
        for step in 0..STEPS {
            self.step();
            if step % CALM == CALM - 1 {
                if self.chance.below(2) == 0 {
                    self.server.kill9();
                } else {
                    assert!(self.server.stop().success());
                }
                self.server.restart();
            }
        }
        self.server.settle();
    }

    fn step(&mut self) {
        let n = self.chance.below(RECORDS);
        if self.deleted.contains(&n) {
            return;
        }
        let steward = self.server.steward();
        let path = format!("/dataset/d{n}");
        match self.chance.below(10) {
            0..=4 => self.write(&steward, n),
            5..=7 if self.exists.contains(&n) => {
                if steward.set_state(&path, "PUBLISHED").status == 200
                    && let Some(draft) = self.drafts.remove(&n)
                {
                    self.model.insert(n, Some(draft));
                }
            }
            // With a draft above it, it is not withdrawn: the server says so.
            8 if self.is_public(n) && steward.set_state(&path, "WITHDRAWN").status == 200 => {
                let title = self.model.insert(n, None).flatten();
                self.drafts.extend(title.map(|title| (n, title)));
            }
            9 if self.exists.contains(&n) => {
                steward.delete(&path).is(204);
                self.model.insert(n, None);
                self.drafts.remove(&n);
                self.deleted.insert(n);
            }
            _ => (),
        }
    }

    fn write(&mut self, steward: &Person, n: usize) {
        let title = self.chance.word();
        let catalogue = CATALOGUES[self.chance.below(CATALOGUES.len())];
        let catalogue = self.server.iri(&format!("/catalog/{catalogue}"));
        let text = dataset(&self.server.base, &format!("d{n}"), &catalogue, &title);
        let wish = ["", "?state=draft", "?state=published"][self.chance.below(3)];
        let answer = steward.put(&format!("/dataset/d{n}{wish}"), "text/turtle", text);
        assert!(matches!(answer.status, 200 | 201), "{answer}");
        self.exists.insert(n);
        // What is public stays so while it is edited; the rest waits to be published.
        let shown = self.server.nobody().get(&format!("/dataset/d{n}"));
        if shown.status == 200 && shown.text().contains(&title) {
            self.model.insert(n, Some(title));
            self.drafts.remove(&n);
        } else {
            self.drafts.insert(n, title);
        }
    }

    fn is_public(&self, n: usize) -> bool {
        self.model.get(&n).is_some_and(Option::is_some)
    }

    fn truth(&self) -> Copy {
        let public = self.model.iter().filter_map(|(n, title)| {
            let iri = self.server.iri(&format!("/dataset/d{n}"));
            Some((iri, title.clone()?))
        });
        public.collect()
    }
}

#[test]
fn after_a_storm_every_door_tells_the_same() {
    let mut storm = Storm::begin();
    storm.blow();
    let (server, truth) = (&storm.server, storm.truth());
    let nobody = server.nobody();
    assert!(truth.len() > 3 && !storm.deleted.is_empty(), "{truth:?}");
    for root in ["/ldes", "/ldes/latest"] {
        let found = follow(&nobody, &server.iri(root), "application/trig");
        assert_eq!(copy(&found), truth, "{root}");
    }
    let mut of_all = Copy::new();
    for catalogue in CATALOGUES {
        let root = server.iri(&format!("/ldes/catalog/{catalogue}"));
        let found = copy(&follow(&nobody, &root, "application/n-quads"));
        let expected: Copy = members(server, catalogue)
            .into_iter()
            .filter_map(|iri| Some((iri.clone(), truth.get(&iri)?.clone())))
            .collect();
        assert_eq!(found, expected, "{catalogue}");
        of_all.extend(found);
    }
    assert_eq!(of_all, truth, "each record in one catalogue");
    let answer = nobody.get("/dump/catalogue.trig.gz").is(200);
    let quads = format::parse(&dump(&answer, "trig.gz"), Format::TriG, None).unwrap();
    assert_eq!(titles(&quads), truth, "the dump");
    assert_eq!(walk(&nobody, "/catalog.ttl"), truth, "the pages");
    assert_eq!(by_sparql(server), truth, "SPARQL");
    assert_eq!(by_ldp(server), names(&truth), "the containers");
    assert_eq!(by_search(server), names(&truth), "the search");
    assert_eq!(by_sitemap(server), names(&truth), "the sitemap");
    assert_eq!(by_oai(server), names(&truth), "OAI-PMH");
}

fn names(copy: &Copy) -> BTreeSet<String> {
    copy.keys().cloned().collect()
}

fn members(server: &TestServer, catalogue: &str) -> Vec<String> {
    let iri = server.iri(&format!("/catalog/{catalogue}"));
    let answer = server.nobody().get(&format!("/catalog/{catalogue}"));
    let property = "http://www.w3.org/ns/dcat#dataset";
    rdf::iris(&answer.is(200).triples(), &iri, property)
}

fn by_sparql(server: &TestServer) -> Copy {
    let rows = server.nobody().select(
        "SELECT ?r ?t { GRAPH ?r { ?r a <http://www.w3.org/ns/dcat#Dataset> ; <http://purl.org/dc/terms/title> ?t } }",
    );
    rows.into_iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect()
}

/// From the root's containers down.
fn by_ldp(server: &TestServer) -> BTreeSet<String> {
    let container = server.iri("/dataset/");
    let answer = server.nobody().get_as("/dataset/", "text/turtle").is(200);
    rdf::iris(&answer.triples(), &container, &format!("{LDP}contains"))
        .into_iter()
        .collect()
}

fn by_search(server: &TestServer) -> BTreeSet<String> {
    let answer = server.nobody().get("/search.json").is(200).json();
    let hits = answer.as_array().unwrap().iter();
    let iris = hits.map(|hit| hit["iri"].as_str().unwrap().to_owned());
    iris.filter(|iri| iri.contains("/dataset/")).collect()
}

fn by_sitemap(server: &TestServer) -> BTreeSet<String> {
    let text = server.nobody().get("/sitemap.xml").is(200).text();
    let parts = text.split("<loc>").skip(1);
    let addresses = parts.map(|part| part.split("</loc>").next().unwrap().to_owned());
    addresses
        .filter(|address| address.contains("/dataset/"))
        .collect()
}

fn by_oai(server: &TestServer) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut arguments = "metadataPrefix=oai_dc".to_owned();
    loop {
        let path = format!("/oai?verb=ListRecords&{arguments}");
        let text = server.nobody().get(&path).is(200).text();
        let records = text.split("<record>").skip(1);
        for record in records.filter(|record| !record.contains("status=\"deleted\"")) {
            let identifiers = record.split("<dc:identifier>").skip(1);
            let identifiers = identifiers.map(|part| part.split('<').next().unwrap());
            let own = |text: &&str| text.starts_with(&server.iri("/dataset/"));
            found.extend(identifiers.filter(own).map(str::to_owned));
        }
        let token = text
            .split("<resumptionToken")
            .nth(1)
            .and_then(|rest| rest.split('>').nth(1))
            .and_then(|rest| rest.split('<').next())
            .filter(|token| !token.is_empty());
        match token {
            Some(token) => arguments = format!("resumptionToken={token}"),
            None => return found,
        }
    }
}
