//! How is each check made? A walk from the root to the catalogues and their datasets, and some requests that must fail.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::graph::Graph;
use super::table::{CHECKS, Form, OF_CATALOGUE, OF_DATASET, OF_ROOT, Rule};
use super::{Outcome, Verdict};
use crate::app::remote::{Answer, Client};
use crate::outbound::Outbound;
use crate::rdf::vocabulary::{dcat, dct, fdp, foaf, prof, r3d, rdf, sh, xsd};
use crate::rdf::{Format, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, canonical};

/// So many failures of one check are told.
const TOLD_MAX: usize = 3;
const TURTLE: &str = "text/turtle";

/// The walk, and what it found so far.
pub(super) struct Suite {
    client: Client,
    /// The address that was given.
    address: String,
    records_max: usize,
    /// By check: what was wrong, and how often it was looked at.
    findings: BTreeMap<&'static str, Findings>,
    /// Why the server could not be asked at all.
    unreachable: Option<String>,
}

#[derive(Default)]
struct Findings {
    looks: usize,
    wrong: Vec<String>,
    why_not: Option<String>,
}

/// A record that was read.
struct Record {
    iri: NamedOrBlankNode,
    address: String,
    graph: Graph,
}

impl Suite {
    pub(super) fn new(outbound: Outbound, address: String, records_max: usize) -> Self {
        Self {
            client: Client::new(outbound),
            address,
            records_max: records_max.max(1),
            findings: BTreeMap::new(),
            unreachable: None,
        }
    }

    /// Makes all checks; says besides why the server could not be asked at all.
    pub(super) fn run(mut self) -> (Vec<Verdict>, Option<String>) {
        match self.root() {
            Some(root) => {
                let catalogues = self.catalogues(&root);
                let datasets = self.datasets(&catalogues);
                self.schemas(&root, &catalogues, &datasets);
                self.interface(&root, &catalogues);
                self.safety(&root, &catalogues);
            }
            None => {
                for check in CHECKS {
                    self.not_applicable(check.id, "there is no root record");
                }
            }
        }
        let verdicts = CHECKS.iter().map(|check| self.verdict(check)).collect();
        (verdicts, self.unreachable)
    }

    fn verdict(&mut self, check: &'static super::table::Check) -> Verdict {
        let findings = self.findings.remove(check.id).unwrap_or_default();
        let outcome = if !findings.wrong.is_empty() {
            let more = findings.wrong.len().saturating_sub(TOLD_MAX);
            let mut told = findings.wrong[..findings.wrong.len() - more].join("; ");
            if more > 0 {
                let _ = write!(told, "; and {more} more");
            }
            Outcome::Failed(told)
        } else if findings.looks > 0 {
            Outcome::Passed
        } else {
            let why = findings
                .why_not
                .unwrap_or_else(|| "there was nothing to look at".to_owned());
            Outcome::Inapplicable(why)
        };
        Verdict { check, outcome }
    }

    /// Notes one look of a check.
    fn judge(&mut self, id: &'static str, found: Result<(), String>) {
        debug_assert!(
            CHECKS.iter().any(|check| check.id == id),
            "{id} is in the table"
        );
        let findings = self.findings.entry(id).or_default();
        findings.looks += 1;
        findings.wrong.extend(found.err());
    }

    fn expect(&mut self, id: &'static str, holds: bool, otherwise: impl FnOnce() -> String) {
        let found = if holds { Ok(()) } else { Err(otherwise()) };
        self.judge(id, found);
    }

    fn not_applicable(&mut self, id: &'static str, why: &str) {
        let findings = self.findings.entry(id).or_default();
        findings.why_not.get_or_insert_with(|| why.to_owned());
    }

    fn root(&mut self) -> Option<Record> {
        let address = self.address.clone();
        let plain = match self.client.get(&address, None) {
            Ok(answer) => answer,
            Err(why) => {
                self.unreachable = Some(why.clone());
                self.judge("root.answers", Err(why));
                return None;
            }
        };
        self.expect("root.answers", plain.is_ok(), || {
            format!("<{address}> answers {}", plain.status)
        });
        self.judge(
            "root.turtle-by-default",
            plain.triples(Format::Turtle).map(|_| ()),
        );
        let turtle = self.client.get(&address, Some(TURTLE));
        let turtle = turtle.and_then(|answer| answer.triples(Format::Turtle));
        let json = self.client.get(&address, Some("application/ld+json"));
        let json = json.and_then(|answer| answer.triples(Format::JsonLd));
        self.judge(
            "root.turtle",
            turtle.as_ref().map(|_| ()).map_err(Clone::clone),
        );
        self.judge(
            "root.json-ld",
            json.as_ref().map(|_| ()).map_err(Clone::clone),
        );
        if let (Ok(turtle), Ok(json)) = (&turtle, &json) {
            let same = canonical::isomorphic(turtle, json).map_err(|error| error.to_string());
            let found = same.and_then(|same| {
                let (one, other) = (turtle.len(), json.len());
                same.then_some(()).ok_or_else(|| {
                    format!("{one} statements in Turtle, {other} in JSON-LD, and not the same")
                })
            });
            self.judge("root.same-in-both", found);
        }
        let graph = Graph(turtle.or(json).ok()?);
        let known = [fdp::FAIR_DATA_POINT, fdp::METADATA_SERVICE];
        let found = graph.first_of(&known);
        let older = || graph.first_of(&[r3d::REPOSITORY]);
        let told = match (&found, older()) {
            (Some(_), _) => Ok(()),
            (None, Some(_)) => Err("it is a r3d:Repository only, as in older versions".to_owned()),
            (None, None) => Err("nothing in it has the type of a FAIR Data Point".to_owned()),
        };
        self.judge("root.type", told);
        let iri = found.or_else(older)?;
        let root = Record {
            iri,
            address,
            graph,
        };
        self.rules(&root, OF_ROOT);
        self.publisher(&root);
        self.dates(&root);
        Some(root)
    }

    fn rules(&mut self, record: &Record, rules: &[Rule]) {
        for rule in rules {
            self.judge(rule.check, follows(record, rule));
        }
    }

    fn publisher(&mut self, root: &Record) {
        let publishers = root.graph.objects(&root.iri, dct::PUBLISHER);
        let publishers: Vec<Term> = publishers.cloned().collect();
        let agents = [foaf::AGENT, foaf::ORGANIZATION, foaf::PERSON];
        for publisher in publishers {
            let node = match publisher {
                Term::NamedNode(node) => NamedOrBlankNode::from(node),
                Term::BlankNode(node) => NamedOrBlankNode::from(node),
                other => {
                    self.judge(
                        "root.publisher",
                        Err(format!("the publisher is a text: {other}")),
                    );
                    continue;
                }
            };
            let is_agent = agents.iter().any(|class| root.graph.is_a(&node, *class));
            self.expect("root.publisher", is_agent, || {
                format!("{node} is not said to be a foaf:Agent")
            });
        }
    }

    fn dates(&mut self, root: &Record) {
        for property in [fdp::START_DATE, fdp::END_DATE] {
            let dates: Vec<&Term> = root.graph.objects(&root.iri, property).collect();
            let is_day =
                |term: &&Term| matches!(term, Term::Literal(day) if day.datatype() == xsd::DATE);
            let fits = dates.len() <= 1 && dates.iter().all(is_day);
            self.expect("root.dates", fits, || {
                format!(
                    "{property} is given {} times, or not as xsd:date",
                    dates.len()
                )
            });
        }
    }

    /// The containers of a record, and what they lead to.
    fn containers(&mut self, record: &Record) -> Vec<(NamedNode, Vec<NamedNode>)> {
        let mut found = Vec::new();
        for container in record.graph.containers() {
            let names = |what: &str| format!("{} of <{}> {what}", container.node, record.address);
            let resource = container.resources == [Term::from(record.iri.clone())];
            self.expect("navigation.relations", resource, || {
                names("does not name the record as its membership resource")
            });
            let [relation] = &container.relations[..] else {
                self.judge(
                    "navigation.relations",
                    Err(names("does not name one relation")),
                );
                continue;
            };
            let led = record.graph.nodes(&record.iri, relation.as_ref());
            for member in &container.members {
                let fits = led.contains(member);
                self.expect("navigation.members", fits, || {
                    names(&format!(
                        "contains {member}, which {relation} does not lead to"
                    ))
                });
            }
            found.push((relation.clone(), container.members.clone()));
        }
        found
    }

    fn catalogues(&mut self, root: &Record) -> Vec<Record> {
        let containers = self.containers(root);
        let titled = root.graph.containers().iter().any(|container| {
            root.graph
                .objects(&container.node, dct::TITLE)
                .next()
                .is_some()
        });
        self.expect("navigation.root", titled && !containers.is_empty(), || {
            "there is no ldp:DirectContainer with a title in the root record".to_owned()
        });
        let mut members: Vec<NamedNode> = containers
            .into_iter()
            .flat_map(|(_, members)| members)
            .collect();
        if members.is_empty() {
            // As harvesters do where there is no container.
            for relation in [fdp::METADATA_CATALOG, r3d::DATA_CATALOG, dcat::CATALOG] {
                members.extend(root.graph.nodes(&root.iri, relation));
            }
        }
        let records = self.children(root, &members);
        let is_catalogue = |record: &Record| record.graph.is_a(&record.iri, dcat::CATALOG_CLASS);
        self.expect("catalogue.exists", records.iter().any(is_catalogue), || {
            "nothing below the root is a dcat:Catalog".to_owned()
        });
        for catalogue in &records {
            let is = is_catalogue(catalogue);
            self.expect("catalogue.type", is, || {
                format!("<{}> is no dcat:Catalog", catalogue.address)
            });
            self.rules(catalogue, OF_CATALOGUE);
            self.parts(catalogue);
        }
        records
    }

    fn parts(&mut self, catalogue: &Record) {
        let parts = [
            dct::HAS_PART,
            dcat::DATASET,
            dcat::SERVICE,
            dcat::CATALOG,
            dcat::RECORD,
        ];
        let has = |property: &NamedNodeRef<'_>| {
            catalogue
                .graph
                .objects(&catalogue.iri, *property)
                .next()
                .is_some()
        };
        self.expect("catalogue.parts", parts.iter().any(has), || {
            format!(
                "<{}> has no part that everybody may read",
                catalogue.address
            )
        });
    }

    /// Reads what a record leads to, up to a bound.
    fn children(&mut self, above: &Record, members: &[NamedNode]) -> Vec<Record> {
        let mut records = Vec::new();
        for member in members.iter().take(self.records_max) {
            let answer = self.client.get(member.as_str(), Some(TURTLE));
            let triples = answer.and_then(|answer| answer.triples(Format::Turtle));
            self.judge(
                "navigation.reachable",
                triples.as_ref().map(|_| ()).map_err(Clone::clone),
            );
            let Ok(triples) = triples else { continue };
            let record = Record {
                iri: member.clone().into(),
                address: member.as_str().to_owned(),
                graph: Graph(triples),
            };
            let back = record.graph.objects(&record.iri, dct::IS_PART_OF);
            let above_iri = Term::from(above.iri.clone());
            let names_it = back.into_iter().any(|parent| *parent == above_iri);
            self.expect("navigation.back", names_it, || {
                format!("{member} does not name {} as what it is part of", above.iri)
            });
            records.push(record);
        }
        records
    }

    fn datasets(&mut self, catalogues: &[Record]) -> Vec<Record> {
        let mut datasets = Vec::new();
        for catalogue in catalogues {
            let mut members = Vec::new();
            for (relation, contained) in self.containers(catalogue) {
                if relation.as_ref() == dcat::DATASET {
                    members.extend(contained);
                }
            }
            let left = self.records_max.saturating_sub(datasets.len());
            members.truncate(left);
            datasets.extend(self.children(catalogue, &members));
        }
        for dataset in &datasets {
            let is = dataset.graph.is_a(&dataset.iri, dcat::DATASET_CLASS);
            self.expect("dataset.type", is, || {
                format!("<{}> is no dcat:Dataset", dataset.address)
            });
            self.rules(dataset, OF_DATASET);
            self.containers(dataset);
        }
        datasets
    }

    /// The profiles that records name, and the shapes that those lead to.
    fn schemas(&mut self, root: &Record, catalogues: &[Record], datasets: &[Record]) {
        let some = [Some(root), catalogues.first(), datasets.first()];
        for record in some.into_iter().flatten() {
            let profiles = record.graph.nodes(&record.iri, dct::CONFORMS_TO);
            let read: Vec<Graph> = profiles
                .iter()
                .filter_map(|profile| {
                    let answer = self.client.get(profile.as_str(), Some(TURTLE)).ok()?;
                    answer.triples(Format::Turtle).ok().map(Graph)
                })
                .collect();
            let is_profile = |graph: &&Graph| graph.first_of(&[prof::PROFILE]).is_some();
            let profile = read.iter().find(is_profile);
            self.expect("schema.profile", profile.is_some(), || {
                format!(
                    "<{}> names no prof:Profile that can be read",
                    record.address
                )
            });
            if let Some(profile) = profile {
                self.artifact(record, profile);
            }
        }
    }

    fn artifact(&mut self, record: &Record, profile: &Graph) {
        let artifacts = profile
            .0
            .iter()
            .filter(|triple| triple.predicate == prof::HAS_ARTIFACT);
        let artifacts: Vec<Term> = artifacts.map(|triple| triple.object.clone()).collect();
        let mut shapes = Graph::default();
        let mut why = format!("the profile of <{}> has no artifact", record.address);
        for artifact in &artifacts {
            let Term::NamedNode(artifact) = artifact else {
                continue;
            };
            let answer = self.client.get(artifact.as_str(), Some(TURTLE));
            match answer.and_then(|answer| answer.triples(Format::Turtle)) {
                Ok(triples) => shapes.0.extend(triples),
                Err(error) => why = error,
            }
        }
        let is_shacl = shapes.first_of(&[sh::NODE_SHAPE]).is_some();
        self.expect("schema.artifact", is_shacl, || why);
        if !is_shacl {
            return;
        }
        let classes = record.graph.nodes(&record.iri, rdf::TYPE);
        let targets = |triple: &crate::rdf::Triple| {
            let is_class = |class: &NamedNode| triple.object == Term::from(class.clone());
            triple.predicate == sh::TARGET_CLASS && classes.iter().any(is_class)
        };
        let fits = shapes.0.iter().any(targets);
        self.expect("schema.target", fits, || {
            format!("no shape is for a class of <{}>", record.address)
        });
    }

    fn interface(&mut self, root: &Record, catalogues: &[Record]) {
        let at = root.address.clone();
        let read = |suite: &Self, path: &str| {
            let answer = suite.client.get(&format!("{at}{path}"), Some(TURTLE));
            answer
                .and_then(|answer| answer.triples(Format::Turtle))
                .map(Graph)
        };
        let spec = read(self, "/spec").and_then(|graph| {
            let has = graph.first_of(&[sh::NODE_SHAPE]).is_some();
            has.then_some(())
                .ok_or_else(|| "there are no shapes at /spec".to_owned())
        });
        self.judge("api.spec", spec);
        let expanded = read(self, "/expanded").map(|_| ());
        self.judge("api.expanded", expanded);
        let format = self.client.get(&format!("{at}/?format=jsonld"), None);
        self.judge(
            "api.format",
            format
                .and_then(|answer| answer.triples(Format::JsonLd))
                .map(|_| ()),
        );
        let meta = self
            .client
            .get(&format!("{at}/meta"), Some("application/json"));
        self.judge(
            "api.meta",
            meta.and_then(|answer| {
                let body: Result<serde_json::Value, _> = serde_json::from_slice(&answer.body);
                let has = body.is_ok_and(|body| body.get("path").is_some());
                let (status, address) = (answer.status, answer.address);
                has.then_some(())
                    .ok_or_else(|| format!("<{address}> answers {status}, and no JSON with a path"))
            }),
        );
        self.cross_origin(&at);
        self.refusals(&at);
        match catalogues.first() {
            Some(catalogue) => self.page(catalogue),
            None => self.not_applicable("api.page", "there is no catalogue"),
        }
    }

    fn page(&mut self, catalogue: &Record) {
        let address = format!("{}/page/dataset?page=0&size=1", catalogue.address);
        let answer = self.client.get(&address, Some(TURTLE));
        self.judge(
            "api.page",
            answer.and_then(|answer| {
                answer.triples(Format::Turtle)?;
                let links = answer.header("link").unwrap_or_default();
                let has = links.contains("rel=\"first\"");
                has.then_some(())
                    .ok_or_else(|| format!("<{address}> has no Link to the first page"))
            }),
        );
    }

    fn cross_origin(&mut self, at: &str) {
        let headers = [("Accept", TURTLE), ("Origin", "https://client.example")];
        let answer = self.client.ask("GET", at, &headers, "");
        self.judge(
            "api.cross-origin",
            answer.and_then(|answer| {
                let allowed = answer
                    .header("access-control-allow-origin")
                    .unwrap_or_default();
                let open = matches!(allowed, "*" | "https://client.example");
                open.then_some(())
                    .ok_or_else(|| "there is no Access-Control-Allow-Origin".to_owned())
            }),
        );
    }

    fn refusals(&mut self, at: &str) {
        let picture = self.client.get(at, Some("image/png"));
        self.judge(
            "api.not-acceptable",
            picture.and_then(|answer| status_of(&answer, &[406])),
        );
        let address = format!("{at}/dataset/{}", uuid::Uuid::new_v4());
        let missing = self.client.get(&address, Some(TURTLE));
        if let Ok(answer) = &missing {
            let is_json = answer.media_type().ends_with("json");
            self.expect("api.problem", is_json, || {
                format!(
                    "<{address}> answers {} as «{}»",
                    answer.status,
                    answer.media_type()
                )
            });
        }
        self.judge(
            "api.not-found",
            missing.and_then(|answer| status_of(&answer, &[404, 410])),
        );
    }

    /// What nobody may do, and see.
    fn safety(&mut self, root: &Record, catalogues: &[Record]) {
        let at = root.address.clone();
        let turtle = [("Content-Type", TURTLE)];
        let catalogue = format!(
            "<> a <{}> ; <{}> {} .",
            dcat::CATALOG_CLASS.as_str(),
            dct::IS_PART_OF.as_str(),
            root.iri
        );
        let denied = [401, 403];
        let create = self
            .client
            .ask("POST", &format!("{at}/catalog"), &turtle, &catalogue);
        self.judge(
            "safety.create",
            create.and_then(|answer| status_of(&answer, &denied)),
        );
        // An empty body: a server that would take it must not lose its root record.
        let replace = self.client.ask("PUT", &at, &turtle, "");
        self.judge(
            "safety.replace",
            replace.and_then(|answer| status_of(&answer, &denied)),
        );
        // Of a record that there is none of, so that nothing is lost where everybody may.
        let nobodys = format!("{at}/dataset/{}", uuid::Uuid::new_v4());
        // That it is not found says as well that nothing was done.
        let denied = [401, 403, 404, 405];
        let delete = self.client.ask("DELETE", &nobodys, &[], "");
        self.judge(
            "safety.delete",
            delete.and_then(|answer| status_of(&answer, &denied)),
        );
        let json = [("Content-Type", "application/json")];
        let state = self.client.ask(
            "PUT",
            &format!("{nobodys}/meta/state"),
            &json,
            r#"{"current":"PUBLISHED"}"#,
        );
        self.judge(
            "safety.publish",
            state.and_then(|answer| status_of(&answer, &denied)),
        );
        let forged = [("Authorization", "Bearer not.a.token"), ("Accept", TURTLE)];
        let token = self.client.ask("GET", &at, &forged, "");
        self.judge(
            "safety.token",
            token.and_then(|answer| status_of(&answer, &[401])),
        );
        let wrong = r#"{"email":"nobody@conformance.invalid","password":"wrong"}"#;
        let login = self
            .client
            .ask("POST", &format!("{at}/tokens"), &json, wrong);
        self.judge(
            "safety.login",
            login.and_then(|answer| status_of(&answer, &[401])),
        );
        for (check, path) in [
            ("safety.people", "/users"),
            ("safety.settings", "/settings"),
        ] {
            let answer = self
                .client
                .get(&format!("{at}{path}"), Some("application/json"));
            self.judge(
                check,
                answer.and_then(|answer| status_of(&answer, &[401, 403, 404, 405])),
            );
        }
        for record in [root].into_iter().chain(catalogues) {
            let meta = self.client.get(
                &format!("{}/meta", record.address),
                Some("application/json"),
            );
            if let Ok(answer) = meta {
                let text = String::from_utf8_lossy(&answer.body).into_owned();
                let leaks = text.contains("\"DRAFT\"");
                self.expect("safety.drafts", !leaks, || {
                    format!("<{}> names drafts", answer.address)
                });
            }
        }
    }
}

fn status_of(answer: &Answer, wanted: &[u16]) -> Result<(), String> {
    if wanted.contains(&answer.status) {
        return Ok(());
    }
    let wanted: Vec<String> = wanted.iter().map(u16::to_string).collect();
    Err(format!(
        "<{}> answers {}, not {}",
        answer.address,
        answer.status,
        wanted.join(" or ")
    ))
}

/// Whether a record follows a rule of the specification's tables.
fn follows(record: &Record, rule: &Rule) -> Result<(), String> {
    let found: Vec<&Term> = record.graph.objects(&record.iri, rule.property).collect();
    let of = |what: String| format!("<{}>: {} {what}", record.address, rule.property);
    if found.is_empty() {
        return Err(of("is missing".to_owned()));
    }
    if rule.at_most_one && found.len() > 1 {
        return Err(of(format!("stands there {} times", found.len())));
    }
    let fits = |term: &&&Term| match (rule.form, term) {
        (Form::Any, _)
        | (Form::Text, Term::Literal(_))
        | (Form::Node, Term::NamedNode(_) | Term::BlankNode(_)) => true,
        (Form::Instant, Term::Literal(literal)) => literal.datatype() == xsd::DATE_TIME,
        (_, _) => false,
    };
    match found.iter().find(|term| !fits(term)) {
        Some(odd) => Err(of(format!("is {odd}"))),
        None => Ok(()),
    }
}
