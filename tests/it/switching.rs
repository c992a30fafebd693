//! Does a running server take another version of a vocabulary at once, for everything, without a request that fails?

use std::collections::BTreeSet;
use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::ScopedJoinHandle;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::http::encode;
use crate::support::{Person, TestServer, dataset, repository};

const EUCAIM: &str = "https://cancerimage.eu/ontology/EUCAIM#";
const PATIENCE: Duration = Duration::from_secs(240);

/// Waits until something is so.
#[track_caller]
pub fn until(is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < PATIENCE, "it never is so");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Which of two versions an answer was made with; an answer that mixes them is of neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Version {
    Old,
    New,
}

impl Version {
    #[track_caller]
    fn of(facts: &[bool], answer: &str) -> Self {
        match facts {
            all if all.iter().all(|fact| *fact) => Self::New,
            none if none.iter().all(|fact| !*fact) => Self::Old,
            mixed => panic!("{mixed:?}: partly old and partly new: {answer}"),
        }
    }
}

/// A concept that the new version calls otherwise and puts below a new one.
struct Changed {
    part: String,
    record: String,
}

const NEW_NAME: &str = "Xenomorphic structure";
const NEW_PARENT: &str = "BP9999999";

impl Changed {
    fn file(&self) -> String {
        let text = fs::read_to_string(repository("ontology/hyperontology.ttl")).unwrap();
        let start = text.find(&format!("\neucaim:{} a ", self.part)).unwrap() + 1;
        let end = start + text[start..].find("\n\n").unwrap();
        let block = &text[start..end];
        let named = |line: &&str| !line.contains("Label \"") && !line.contains("rdfs:label");
        let mut lines: Vec<&str> = block.lines().filter(named).collect();
        let added = format!(
            "    rdfs:label \"{NEW_NAME}\"@en ;\n    skos:prefLabel \"{NEW_NAME}\"@en ;\n    rdfs:subClassOf eucaim:{NEW_PARENT} ;"
        );
        lines.insert(1, &added);
        let parent = format!(
            "\neucaim:{NEW_PARENT} a owl:Class, skos:Concept ;\n    skos:notation \"{NEW_PARENT}\" ;\n    rdfs:label \"New parent\"@en ;\n    rdfs:subClassOf eucaim:BP1000116 .\n"
        );
        text.replace(block, &lines.join("\n")) + &parent
    }

    /// Triples and hierarchy in one answer of SPARQL.
    fn by_sparql(&self, nobody: &Person) -> Version {
        let part = format!("{EUCAIM}{}", self.part);
        let rows = nobody.select(&format!(
            "PREFIX vs: <https://github.com/EUCAIM/vesalius/ns#>
             SELECT ?v {{ {{ <{part}> <http://www.w3.org/2000/01/rdf-schema#label> ?v }}
               UNION {{ ?v vs:within <{EUCAIM}{NEW_PARENT}> . FILTER(?v = <{part}>) }} }}"
        ));
        let values: BTreeSet<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        let facts = [values.contains(NEW_NAME), values.contains(part.as_str())];
        Version::of(&facts, &format!("{rows:?}"))
    }

    /// The text index, its facets and the names of concepts in one answer of the search.
    fn by_search(&self, nobody: &Person) -> Version {
        let found = nobody.search(&format!("kind=dataset&body-part={}", self.part));
        let chosen = found["facets"]
            .as_array()
            .unwrap()
            .iter()
            .find(|facet| facet["id"] == "body-part")
            .unwrap()
            .to_string();
        let above = chosen.contains(NEW_PARENT);
        assert!(found["total"].as_u64().unwrap() >= 1, "{found}");
        Version::of(&[above, chosen.contains(NEW_NAME)], &chosen)
    }

    fn by_lookup(nobody: &Person) -> Version {
        let address = format!("/ontology/lookup?q={}", encode(NEW_NAME));
        let hits = nobody.get_as(&address, "application/json").is(200).json();
        let exact = |hit: &Value| hit["match"]["how"] == "exact";
        let found = hits["hits"].as_array().unwrap().iter().any(exact);
        Version::of(&[found], "")
    }

    fn by_pages(&self, nobody: &Person) -> Version {
        let page = nobody
            .get_as(&format!("/ontology/{}", self.part), "text/html")
            .is(200)
            .text();
        Version::of(&[page.contains(NEW_NAME), page.contains(NEW_PARENT)], &page)
    }

    fn by_record(&self, nobody: &Person) -> Version {
        let page = nobody.get_as(&self.record, "text/html").is(200).text();
        Version::of(&[page.contains(NEW_NAME)], "")
    }

    fn all(&self, nobody: &Person) -> [Version; 5] {
        [
            self.by_sparql(nobody),
            self.by_search(nobody),
            Self::by_lookup(nobody),
            self.by_pages(nobody),
            self.by_record(nobody),
        ]
    }
}

/// Asks everything over and over until it is told to stop, and expects one turn from one version to the other.
fn ask_on(changed: &Changed, server: &TestServer, ended: &AtomicBool, to: Version) -> usize {
    let nobody = server.nobody();
    let mut asked = 0;
    let mut turned = false;
    while !ended.load(Ordering::Relaxed) {
        for version in changed.all(&nobody) {
            assert!(!turned || version == to, "it went back to {version:?}");
            turned |= version == to;
            asked += 1;
        }
    }
    asked
}

/// Publishes over and over; whoever wrote reads what was written.
fn write_on(server: &TestServer, catalogue: &str, ended: &AtomicBool, number: &AtomicUsize) {
    let (steward, nobody) = (server.steward(), server.nobody());
    while !ended.load(Ordering::Relaxed) {
        let slug = format!("meanwhile-{}", number.fetch_add(1, Ordering::Relaxed));
        let path = format!("/dataset/{slug}");
        steward.write(&path, dataset(&server.base, &slug, catalogue, "Meanwhile"));
        steward.publish(&path);
        nobody.get_as(&path, "text/turtle").is(200);
        let asked = format!("ASK {{ <{}> ?p ?o }}", server.iri(&path));
        assert!(nobody.ask(&asked), "{path} was written and is not there");
    }
}

#[test]
fn a_running_server_switches_whole_and_back_while_requests_run() {
    let server = TestServer::start().with_catalogue("switch");
    let catalogue = server.iri("/catalog/switch");
    let steward = server.steward();
    let record = "/dataset/tagged".to_owned();
    steward.write(
        &record,
        dataset(&server.base, "tagged", &catalogue, "Tagged"),
    );
    steward.publish(&record);
    server.settle();
    let rows = server.nobody().select(&format!(
        "SELECT ?v {{ <{}> <{EUCAIM}hasImageBodyPart> ?v }} ORDER BY ?v",
        server.iri(&record)
    ));
    let part = rows[0][0].strip_prefix(EUCAIM).unwrap().to_owned();
    let changed = Changed { part, record };
    let file = server.data().with_file_name("switched.ttl");
    fs::write(&file, changed.file()).unwrap();
    let file = file.display().to_string();
    assert_eq!(changed.all(&server.nobody()), [Version::Old; 5]);

    let number = AtomicUsize::new(0);
    let while_asked = |to: Version, arguments: &[&str]| {
        let ended = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let asking = [0, 1].map(|_| scope.spawn(|| ask_on(&changed, &server, &ended, to)));
            scope.spawn(|| write_on(&server, &catalogue, &ended, &number));
            let told = server.cli(arguments);
            assert!(told.status.success(), "{told:?}");
            until(|| {
                ended.load(Ordering::Relaxed)
                    || asking.iter().any(ScopedJoinHandle::is_finished)
                    || changed.all(&server.nobody()) == [to; 5]
            });
            ended.store(true, Ordering::Relaxed);
            for one in asking {
                assert!(one.join().unwrap() > 0);
            }
        });
    };
    while_asked(
        Version::New,
        &["ontology", "import", &file, "--name", "new", "--force"],
    );
    let published = || server.nobody().search("kind=dataset&limit=1")["total"].as_u64();
    let written = || u64::try_from(number.load(Ordering::Relaxed)).unwrap() + 1;
    until(|| published() == Some(written()));
    // A tag of before is not taken for what is there now, though no record has changed.
    let nobody = server.nobody();
    let tag = |person: &Person| {
        let answer = person.get_as(&changed.record, "text/html").is(200);
        answer.header("etag").unwrap().to_owned()
    };
    let new_tag = tag(&nobody);
    while_asked(Version::Old, &["ontology", "use", "EUCAIM", "bundled"]);
    assert_ne!(tag(&nobody), new_tag);
    let again = nobody
        .request("GET", &changed.record)
        .header("Accept", "text/html");
    again.header("If-None-Match", &new_tag).send().is(200);
    until(|| published() == Some(written()));

    // A code list, too; and what is in force is opened by the next start as it is.
    let rights = fs::read_to_string(repository("ontology/access-right.ttl")).unwrap();
    let file = server.data().with_file_name("rights.ttl");
    let renamed = rights.replace("\"restricted\"@en", "\"only by incantation\"@en");
    fs::write(&file, renamed).unwrap();
    let told = server.cli(&["ontology", "import", &file.display().to_string()]);
    assert!(told.status.success(), "{told:?}");
    let knows = |label: &str| {
        let address = format!("/ontology/lookup?q={}&limit=1", encode(label));
        let found = server.nobody().get_as(&address, "application/json").is(200);
        found.json()["hits"][0]["label"] == label
    };
    until(|| knows("only by incantation"));
    let folders = || -> BTreeSet<String> {
        let entries = fs::read_dir(server.data()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name());
        let names = names.map(|name| name.to_string_lossy().into_owned());
        names.filter(|name| name.starts_with("triples")).collect()
    };
    until(|| folders().len() == 1);
    let before = server.log().matches("building the triples").count();
    server.stop();
    server.restart();
    server.settle();
    assert!(knows("only by incantation"));
    let after = server.log().matches("building the triples").count();
    assert_eq!(after, before, "nothing is made anew:\n{}", server.log());
    assert_eq!(published(), Some(written()));
}
