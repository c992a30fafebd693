//! What does one see who browses the vocabularies, or looks something up in them?

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::StatusCode;

use super::answer;
use super::concept::{link, paths};
use crate::catalogue::CatalogueError;
use crate::catalogue::projection::blocking;
use crate::ontology::{Concept, Hit as Found, NameKind, Ontology};
use crate::search::Index;
use crate::web::error::{Answer, WebError};
use crate::web::ontology::encoded;
use crate::web::pages::messages::Language;
use crate::web::pages::ontology::{Branch, Hit, OntologyPage, TreeNode};
use crate::web::pages::site::{Section, Site};
use crate::web::pages::text::{Link, Text};
use crate::web::server::{Door, language_of, page_language, parameter};

/// The most concepts of one level on a page.
const LEVEL_MAX: usize = 200;
/// How many levels of the tree are there without a click.
const LEVELS: usize = 2;
/// With more concepts than this no further level is sent with the page.
const NODES_MAX: usize = 300;
const HITS_MAX: usize = 50;

/// The tree: of the hyperontology, or of what the address names (`under`: a vocabulary, a code list
/// or a concept), from some place on. `part` asks for the branch alone.
pub async fn ontology(door: &Door, request: &HttpRequest) -> Answer {
    let wish = Wish::of(door, request)?;
    let index = Arc::clone(&door.index);
    let ontology = Arc::clone(door.catalogue.ontology());
    let query = parameter(request, "q");
    let site = door.site_at(request, Section::Ontology);
    let part = parameter(request, "part").is_some();
    let work = move || {
        let shown = Showing::new(&ontology, &index, &wish);
        let branch = shown.branch()?;
        if part {
            return Ok::<_, CatalogueError>(Err(branch));
        }
        Ok(Ok(shown.page(site, branch, query)?))
    };
    Ok(match blocking(work).await? {
        Ok(page) => answer(StatusCode::OK, &page),
        Err(branch) => answer(StatusCode::OK, &branch),
    })
}

/// The hits of a look-up, above the tree.
pub async fn lookup(door: &Door, request: &HttpRequest) -> Answer {
    let wish = Wish::of(door, request)?;
    let index = Arc::clone(&door.index);
    let ontology = Arc::clone(door.catalogue.ontology());
    let text = parameter(request, "q").unwrap_or_default();
    let site = door.site_at(request, Section::Ontology);
    let work = move || {
        let shown = Showing::new(&ontology, &index, &wish);
        let branch = shown.branch()?;
        shown.page(site, branch, Some(text))
    };
    Ok(answer(StatusCode::OK, &blocking(work).await?))
}

/// Which part of the vocabularies is wanted, and how.
struct Wish {
    root: String,
    language: &'static str,
    interface: Language,
    /// The vocabulary, code list or concept.
    under: String,
    /// Whether it was asked for, or is the one that everybody sees first.
    chosen: bool,
    from: usize,
}

impl Wish {
    fn of(door: &Door, request: &HttpRequest) -> Result<Self, WebError> {
        let ontology = door.catalogue.ontology();
        let asked = parameter(request, "under").or_else(|| parameter(request, "scheme"));
        let asked = asked.filter(|iri| !iri.is_empty());
        if let Some(iri) = &asked
            && ontology.tops(iri).is_none()
        {
            let message =
                format!("{iri} is no vocabulary, code list or concept that is known here");
            return Err(WebError::Parameter {
                name: "under",
                message,
            });
        }
        let first = ontology.graph_names().next();
        let first = first.map(|graph| graph.as_str().to_owned());
        let from = parameter(request, "from").and_then(|text| text.parse().ok());
        Ok(Self {
            root: door.base().path_prefix().to_owned(),
            language: language_of(request),
            interface: page_language(request),
            chosen: asked.is_some(),
            under: asked.or(first).unwrap_or_default(),
            from: from.unwrap_or(0),
        })
    }
}

struct Showing<'a> {
    ontology: &'a Ontology,
    index: &'a Index,
    wish: &'a Wish,
}

impl<'a> Showing<'a> {
    fn new(ontology: &'a Ontology, index: &'a Index, wish: &'a Wish) -> Self {
        Self {
            ontology,
            index,
            wish,
        }
    }

    /// The concepts of the wanted level, each with what stands right below it.
    fn branch(&self) -> Result<Branch, CatalogueError> {
        let tops = self.ontology.tops(&self.wish.under).unwrap_or_default();
        let from = self.wish.from.min(tops.len());
        let end = (from + LEVEL_MAX).min(tops.len());
        let levels = if self.wish.chosen { 1 } else { LEVELS };
        let mut left = NODES_MAX;
        let mut nodes: Vec<TreeNode> = tops[from..end]
            .iter()
            .map(|concept| self.node(concept, levels, &mut left))
            .collect();
        let mut iris = Vec::new();
        gather(&nodes, &mut iris);
        let counts = self.index.count_using(&iris).map_err(failed)?;
        set(&mut nodes, &mut counts.into_iter());
        let more = (end < tops.len()).then(|| {
            let left = tops.len() - end;
            let href = format!("{}&from={end}", self.address(&self.wish.under));
            Link::new(self.counted("concepts", left as u64), href)
        });
        Ok(Branch { nodes, more })
    }

    fn node(&self, concept: &Concept, levels: usize, left: &mut usize) -> TreeNode {
        let link = link(&self.wish.root, self.ontology, concept, self.wish.language);
        let below = self.ontology.children(&concept.iri);
        let sent = levels > 1 && below.len() <= *left;
        *left = left.saturating_sub(if sent { below.len() } else { 0 });
        let children = below.iter().filter(|_| sent);
        let children = children
            .map(|child| self.node(child, levels - 1, left))
            .collect();
        let more = (!sent && !below.is_empty()).then(|| {
            let words = self.counted("concepts", below.len() as u64);
            Link::new(words, self.address(&concept.iri))
        });
        TreeNode {
            label: link.label,
            iri: concept.iri.clone(),
            code: concept.code.clone(),
            href: link.href,
            collections: 0,
            descendants: self.ontology.count_below(&concept.iri),
            language: self.wish.interface,
            open: false,
            children,
            more,
        }
    }

    fn page(
        &self,
        site: Site,
        branch: Branch,
        query: Option<String>,
    ) -> Result<OntologyPage, CatalogueError> {
        let (ontology, wish) = (self.ontology, self.wish);
        let vocabularies = ontology.vocabularies();
        let named = |iri: &str, title: &str| {
            let mark = if wish.chosen && iri == wish.under {
                "✓ "
            } else {
                ""
            };
            Link::new(format!("{mark}{title}"), self.address(iri))
        };
        let lists = ontology.schemes();
        let is_list = |iri: &str| lists.iter().any(|list| list.iri == iri);
        let of_vocabularies = vocabularies
            .iter()
            .filter(|one| one.concepts > 0 && !is_list(one.iri))
            .map(|one| named(one.iri, one.title(wish.language)));
        let of_lists = lists.iter().map(|list| named(list.iri, list.title));
        let first = vocabularies.first();
        let shown = vocabularies.iter().find(|one| one.iri == wish.under);
        let concept = ontology.concept(&wish.under);
        let title = shown
            .map(|one| one.title(wish.language).to_owned())
            .or_else(|| {
                ontology
                    .label(&wish.under, wish.language)
                    .map(str::to_owned)
            });
        let version = shown.or(first).and_then(|one| one.version);
        Ok(OntologyPage {
            title: title.unwrap_or_else(|| wish.under.clone()),
            version: version.unwrap_or_default().to_owned(),
            licence: None,
            concepts: ontology.concepts().len() as u64,
            hits: query.as_deref().map(|text| self.hits(text)).transpose()?,
            query: query.unwrap_or_default(),
            under: wish.chosen.then(|| wish.under.clone()),
            paths: concept.map_or_else(Vec::new, |concept| {
                paths(&wish.root, ontology, concept, wish.language)
            }),
            concept: concept.map(|concept| link(&wish.root, ontology, concept, wish.language)),
            branch,
            value_sets: of_vocabularies.chain(of_lists).collect(),
            site,
        })
    }

    fn hits(&self, text: &str) -> Result<Vec<Hit>, CatalogueError> {
        let under = self.wish.chosen.then_some(self.wish.under.as_str());
        let found = self.ontology.search(text, under, HITS_MAX);
        let iris: Vec<String> = found.iter().map(|hit| hit.concept.iri.clone()).collect();
        let counts = self.index.count_using(&iris).map_err(failed)?;
        let hits = found.iter().zip(counts);
        Ok(hits.map(|(hit, count)| self.hit(hit, count)).collect())
    }

    fn hit(&self, hit: &Found<'_>, collections: u64) -> Hit {
        let (ontology, language) = (self.ontology, self.wish.language);
        let link = link(&self.wish.root, ontology, hit.concept, language);
        let matched = match hit.name {
            NameKind::Code(system) => Some(Text::plain(system)),
            NameKind::Label(tag) | NameKind::Synonym(tag) => {
                (hit.text != link.label.value).then(|| Text::in_language(hit.text, tag))
            }
        };
        Hit {
            link,
            code: hit.concept.code.clone(),
            matched,
            parent: ontology
                .parents(&hit.concept.iri)
                .first()
                .and_then(|parent| parent.label(language))
                .map(Text::plain),
            collections,
        }
    }

    fn address(&self, iri: &str) -> String {
        format!("{}/ontology?under={}", self.wish.root, encoded(iri))
    }

    fn counted(&self, noun: &str, number: u64) -> String {
        let site = Site {
            language: self.wish.interface,
            ..Site::default()
        };
        site.counted(noun, number)
    }
}

/// The IRIs of some nodes and of all below them, in the order in which they are shown.
fn gather(nodes: &[TreeNode], into: &mut Vec<String>) {
    for node in nodes {
        into.push(node.iri.clone());
        gather(&node.children, into);
    }
}

fn set(nodes: &mut [TreeNode], counts: &mut impl Iterator<Item = u64>) {
    for node in nodes {
        node.collections = counts.next().unwrap_or(0);
        set(&mut node.children, counts);
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
pub(super) fn failed(error: crate::search::Error) -> CatalogueError {
    CatalogueError::Interrupted(error.to_string())
}
