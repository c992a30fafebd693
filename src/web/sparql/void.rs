//! How much is there of what? The catalogue as a dataset of linked data, in VoID, from counts that
//! are kept as records are written.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::description::statistics;
use crate::rdf::vocabulary::{dcat, dct, foaf, rdf, void};
use crate::rdf::{BlankNode, Literal, NamedNode, NamedNodeRef, Term, Triple, vocabulary};
use crate::store::Statistics;
use crate::web::answered;
use crate::web::error::Answer;
use crate::web::feeds;
use crate::web::linked_data::read;
use crate::web::negotiate::Representation;
use crate::web::server::Door;

/// Where VoID is looked for (VoID §7.2).
pub(super) const PATH: &str = "/.well-known/void";

/// No more linksets are told: how many properties there are is the providers' to say.
const LINKSETS_MAX: usize = 500;

/// The catalogue as a dataset.
pub(super) fn dataset(door: &Door) -> NamedNode {
    door.base().iri(&format!("{PATH}#catalogue"))
}

pub(super) async fn get(door: web::Data<Door>, request: HttpRequest) -> HttpResponse {
    answered(&door, &request, answer(&door, &request).await)
}

async fn answer(door: &Door, request: &HttpRequest) -> Answer {
    let format = match read::wanted(request, None)? {
        Representation::Rdf(format) => format,
        // The page about the catalogue tells people the same.
        Representation::Html => {
            let about = door.base().iri("/about").into_string();
            return Ok(HttpResponse::SeeOther()
                .insert_header((header::LOCATION, about))
                .finish());
        }
    };
    let statistics = statistics(door).await?;
    Ok(read::rdf(format, &triples(door, &statistics)))
}

fn triples(door: &Door, statistics: &Statistics) -> Vec<Triple> {
    let mut said = Said {
        dataset: dataset(door),
        triples: Vec::new(),
    };
    said.frame(door);
    said.counts(door, statistics);
    said.partitions(statistics);
    said.linksets(door, statistics);
    said.triples
}

struct Said {
    dataset: NamedNode,
    triples: Vec<Triple>,
}

impl Said {
    fn frame(&mut self, door: &Door) {
        let base = door.base();
        let document = base.iri(PATH);
        let dataset = self.dataset.clone();
        let name = Literal::new_simple_literal(&door.settings.name);
        self.triples.extend([
            Triple::new(document.clone(), rdf::TYPE, void::DATASET_DESCRIPTION),
            Triple::new(document, foaf::PRIMARY_TOPIC, dataset),
        ]);
        self.say(rdf::TYPE, void::DATASET);
        self.say(dct::TITLE, name);
        self.say(foaf::HOMEPAGE, base.iri("/"));
        self.say(void::SPARQL_ENDPOINT, base.iri("/sparql"));
        self.say(
            void::URI_SPACE,
            Literal::new_simple_literal(format!("{base}/")),
        );
        self.say(void::ROOT_RESOURCE, base.iri(""));
        self.say(void::URI_LOOKUP_ENDPOINT, base.iri("/ontology/lookup?q="));
        if let Some(example) = example(door) {
            self.say(void::EXAMPLE_RESOURCE, example);
        }
        for path in feeds::dumps() {
            self.say(void::DATA_DUMP, base.iri(&path));
        }
        for name in [
            "Turtle",
            "JSON-LD",
            "RDF_XML",
            "N-Triples",
            "N-Quads",
            "TriG",
            "N3",
        ] {
            let format = format!("http://www.w3.org/ns/formats/{name}");
            self.say(void::FEATURE, NamedNode::new_unchecked(format));
        }
    }

    fn counts(&mut self, door: &Door, statistics: &Statistics) {
        let of_class = |class: &NamedNode| statistics.classes.get(class.as_str()).copied();
        let kinds = door.catalogue.kinds().iter();
        let classes: BTreeSet<&NamedNode> = kinds.filter_map(|kind| kind.classes.first()).collect();
        let records = classes.into_iter().filter_map(of_class).sum();
        self.say(void::TRIPLES, count(statistics.triples));
        self.say(void::ENTITIES, count(records));
        self.say(void::DISTINCT_SUBJECTS, count(statistics.subjects));
        self.say(void::CLASSES, count(statistics.classes.len() as u64));
        self.say(void::PROPERTIES, count(statistics.predicates.len() as u64));
        let terms = statistics
            .predicates
            .keys()
            .chain(statistics.classes.keys());
        let used: BTreeSet<&str> = terms.filter_map(|iri| vocabulary_of(iri)).collect();
        for vocabulary in used {
            self.say(void::VOCABULARY, NamedNode::new_unchecked(vocabulary));
        }
    }

    fn partitions(&mut self, statistics: &Statistics) {
        let classes = &statistics.classes;
        let properties = &statistics.predicates;
        for (iri, entities) in classes {
            self.part(
                (void::CLASS_PARTITION, void::CLASS, void::ENTITIES),
                iri,
                *entities,
            );
        }
        for (iri, triples) in properties {
            self.part(
                (void::PROPERTY_PARTITION, void::PROPERTY, void::TRIPLES),
                iri,
                *triples,
            );
        }
    }

    /// The links to the terms of each vocabulary, by property (VoID §5): the most first.
    fn linksets(&mut self, door: &Door, statistics: &Statistics) {
        let mut links: Vec<_> = statistics.links.iter().collect();
        links.sort_by_key(|(_, count)| Reverse(**count));
        links.truncate(LINKSETS_MAX);
        let targets: BTreeSet<&str> = links.iter().map(|((_, to), _)| to.as_str()).collect();
        for ((property, vocabulary), number) in links {
            let linkset = BlankNode::default();
            self.say(void::SUBSET, linkset.clone());
            let node = |iri: &String| Term::from(NamedNode::new_unchecked(iri));
            let said: [(NamedNodeRef<'_>, Term); 5] = [
                (rdf::TYPE, void::LINKSET.into_owned().into()),
                (void::SUBJECTS_TARGET, self.dataset.clone().into()),
                (void::OBJECTS_TARGET, node(vocabulary)),
                (void::LINK_PREDICATE, node(property)),
                (void::TRIPLES, count(*number).into()),
            ];
            let said = said.into_iter();
            self.triples
                .extend(said.map(|(of, object)| Triple::new(linkset.clone(), of, object)));
        }
        for vocabulary in door.catalogue.ontology().vocabularies() {
            if targets.contains(vocabulary.iri) {
                let target = NamedNode::new_unchecked(vocabulary.iri);
                let title = Literal::new_simple_literal(vocabulary.title("en"));
                self.triples.extend([
                    Triple::new(target.clone(), rdf::TYPE, void::DATASET),
                    Triple::new(target, dct::TITLE, title),
                ]);
            }
        }
    }

    fn part(
        &mut self,
        (partition, of, counted): (NamedNodeRef<'_>, NamedNodeRef<'_>, NamedNodeRef<'_>),
        iri: &str,
        number: u64,
    ) {
        let part = BlankNode::default();
        self.say(partition, part.clone());
        let of_what = NamedNode::new_unchecked(iri);
        self.triples.push(Triple::new(part.clone(), of, of_what));
        self.triples.push(Triple::new(part, counted, count(number)));
    }

    fn say(&mut self, predicate: NamedNodeRef<'_>, object: impl Into<Term>) {
        self.triples
            .push(Triple::new(self.dataset.clone(), predicate, object));
    }
}

/// A published dataset, to look at.
fn example(door: &Door) -> Option<Term> {
    let class = dcat::DATASET_CLASS;
    let snapshot = door.catalogue.public().snapshot();
    let found = snapshot
        .quads(None, Some(rdf::TYPE), Some(class.into()), None)
        .next();
    found.map(|quad| Term::from(quad.subject))
}

/// The vocabulary that a term comes from, as one of ours or by its address.
fn vocabulary_of(iri: &str) -> Option<&str> {
    let known = vocabulary::PREFIXES.iter().map(|(_, namespace)| *namespace);
    let by_name = known
        .filter(|namespace| iri.starts_with(namespace))
        .max_by_key(|n| n.len());
    by_name.or_else(|| iri.rfind(['#', '/']).map(|end| &iri[..=end]))
}

fn count(n: u64) -> Literal {
    Literal::new_typed_literal(n.to_string(), vocabulary::xsd::INTEGER)
}
