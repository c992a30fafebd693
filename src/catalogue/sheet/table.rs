//! Which columns has a sheet? As many as a profile's shapes have fields for a kind of record, those of nested things too.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;

use crate::catalogue::advice::Wanted;
use crate::catalogue::kind::Kind;
use crate::catalogue::profile::{Profile, local_name};
use crate::ontology::Ontology;
use crate::rdf::vocabulary::{self, dash, dcat, dct, rdf, rdfs, schema, sh, skos};
use crate::rdf::{Literal, NamedNode, NamedOrBlankNode, Term, Triple};
use crate::shacl::{Message, in_language};

/// How deep things inside things have columns: publisher, contact point, e-mail.
const DEPTH_MAX: usize = 3;
/// How many fields a table has at most: shapes of an operator may be of any size.
const FIELDS_MAX: usize = 400;
/// The language of a text whose column names none.
pub const LANGUAGE: &str = "en";
/// Stands in a heading for «in no language».
const NO_LANGUAGE: &str = "-";

/// Column names of published templates → the field, by kind.
static ALIASES: LazyLock<BTreeMap<String, BTreeMap<String, String>>> = LazyLock::new(|| {
    toml::from_str(include_str!("columns.toml")).expect("it is part of the program and tested")
});

/// How much a field is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Must,
    Should,
    May,
}

/// What the cells of a field hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Terms of a vocabulary: named by label, code or address.
    Concept,
    Address,
    /// Words, each language in a column of its own.
    Words,
    /// Words without a language.
    Text,
    /// Numbers, dates, truth values.
    Value,
}

/// A field of a kind of record.
#[derive(Debug)]
pub struct Field {
    /// The path in our prefixes: `dct:publisher/foaf:name`.
    pub key: String,
    pub predicate: NamedNode,
    /// The thing that has the property: `None` for the record itself.
    pub node: Option<usize>,
    /// What it is called, step by step.
    names: Vec<Vec<Message>>,
    help: Vec<Message>,
    pub level: Level,
    pub is_many: bool,
    pub form: Form,
    pub wanted: Vec<Arc<Wanted>>,
}

/// Something inside a record that has columns of its own: a publisher, a period.
#[derive(Debug)]
pub struct Node {
    /// The field whose value it is.
    pub field: usize,
    pub class: Option<NamedNode>,
    /// What it is called in the «other statements» of its row, after `_:`.
    pub label: String,
}

/// The columns for a kind of record.
#[derive(Debug)]
pub struct Table {
    pub kind: Kind,
    pub profile: String,
    pub fields: Vec<Field>,
    pub nodes: Vec<Node>,
    index: FxHashMap<String, usize>,
    aliases: FxHashMap<String, usize>,
}

/// A column of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The address of the record.
    Record,
    /// What it is part of.
    Parent,
    Field {
        field: usize,
        /// Of words; empty for words in no language.
        language: Option<String>,
    },
    /// What has no column, as Turtle.
    Other,
}

impl Table {
    /// The columns of a kind, when the profile has shapes for it.
    pub fn new(profile: &Profile, kind: &Kind, ontology: &Ontology) -> Option<Self> {
        let shapes = profile.shapes_read(ontology);
        let class = kind.classes.first()?;
        let reader = Reader::new(&shapes);
        let roots = reader.node_shapes(class);
        let mut table = Self {
            kind: kind.clone(),
            profile: profile.name.clone(),
            fields: Vec::new(),
            nodes: Vec::new(),
            index: FxHashMap::default(),
            aliases: FxHashMap::default(),
        };
        for root in roots {
            table.gather(&reader, root, None, 0);
        }
        if table.fields.is_empty() {
            return None;
        }
        table.fill_index();
        Some(table)
    }

    /// The table of a kind in any of its profiles: the one wanted, else that of the kind.
    pub fn find(
        catalogue: &crate::catalogue::Catalogue,
        kind: &Kind,
        wanted: Option<&str>,
    ) -> Option<Self> {
        let profiles = catalogue.profiles();
        let own = kind.profile.as_deref();
        let names = wanted.into_iter().chain(own);
        let mut tables = names.filter_map(|name| {
            let profile = profiles.get(name)?;
            Self::new(&profile, kind, catalogue.ontology())
        });
        tables.next()
    }

    fn gather(
        &mut self,
        reader: &Reader<'_>,
        shape: &NamedOrBlankNode,
        node: Option<usize>,
        depth: usize,
    ) {
        for group in reader.groups(shape) {
            let known = self
                .fields
                .iter()
                .any(|field| field.node == node && field.predicate == group.predicate);
            if known || self.fields.len() >= FIELDS_MAX {
                continue;
            }
            let at = self.fields.len();
            let nested = reader.nested(&group);
            self.fields.push(self.field(reader, &group, node));
            let has_inside = !nested.is_empty() || group.is_described;
            if !has_inside || depth + 1 >= DEPTH_MAX {
                continue;
            }
            let inner = self.nodes.len();
            let local = local_name(group.predicate.as_str());
            let label = match node {
                Some(outer) => format!("{}-{local}", self.nodes[outer].label),
                None => local.to_owned(),
            };
            self.nodes.push(Node {
                field: at,
                class: group.class.clone(),
                label,
            });
            self.fields[at].form = Form::Address;
            for shape in nested {
                self.gather(reader, shape, Some(inner), depth + 1);
            }
            if self.fields.iter().all(|field| field.node != Some(inner)) {
                let label = self.label_field(at, inner);
                self.fields.push(label);
                // The words are what people write under its name.
                self.fields[at].names.push(address_names());
            }
        }
    }

    fn field(&self, reader: &Reader<'_>, group: &Group<'_>, node: Option<usize>) -> Field {
        let outer = node.map(|node| &self.fields[self.nodes[node].field]);
        let own = vocabulary::short(group.predicate.as_str())
            .unwrap_or_else(|| format!("<{}>", group.predicate.as_str()));
        let (key, mut names) = match outer {
            Some(outer) => (format!("{}/{own}", outer.key), outer.names.clone()),
            None => (own, Vec::new()),
        };
        names.push(if group.names.is_empty() {
            vec![Message {
                language: Some("en".to_owned()),
                text: local_name(group.predicate.as_str()).to_owned(),
            }]
        } else {
            group.names.clone()
        });
        let wanted = group.shapes.iter().filter_map(|shape| {
            let wanted = reader.wanted.get(&Term::from((*shape).clone()))?;
            Some(Arc::clone(wanted))
        });
        let wanted: Vec<Arc<Wanted>> = wanted.collect();
        Field {
            key,
            predicate: group.predicate.clone(),
            node,
            names,
            help: group.help.clone(),
            level: group.level,
            is_many: !group.is_single,
            form: form_of(&wanted),
            wanted,
        }
    }

    /// The words that describe something whose shape names no fields, such as a provenance statement.
    fn label_field(&self, at: usize, inner: usize) -> Field {
        let outer = &self.fields[at];
        Field {
            key: format!("{}/rdfs:label", outer.key),
            predicate: rdfs::LABEL.into_owned(),
            node: Some(inner),
            names: outer.names.clone(),
            help: outer.help.clone(),
            level: outer.level,
            is_many: true,
            form: Form::Words,
            wanted: Vec::new(),
        }
    }

    fn fill_index(&mut self) {
        for (at, field) in self.fields.iter().enumerate() {
            let languages = ["en", "de", "fr", "es", "it"];
            let labels = languages.map(|language| field.label(language));
            for name in labels.iter().chain([&field.key]) {
                self.index.entry(folded(name)).or_insert(at);
            }
        }
        let aliases = ALIASES.get(&self.kind.name).into_iter().flatten();
        for (name, key) in aliases {
            if let Some(at) = self.fields.iter().position(|field| field.key == *key) {
                self.aliases.entry(folded(name)).or_insert(at);
            }
        }
    }

    /// The column that a heading means.
    pub fn column(&self, heading: &str) -> Option<Column> {
        let heading = heading.trim().trim_end_matches('*').trim_end();
        let whole = folded(heading);
        if let Some(fixed) = super::words::fixed(&whole) {
            return Some(fixed);
        }
        let (name, language) = split_language(heading);
        let of = |text: &str| self.index.get(text).or_else(|| self.aliases.get(text));
        let field = of(&folded(name)).or_else(|| of(&whole)).copied()?;
        let language = (self.fields[field].form == Form::Words).then(|| match language {
            Some(NO_LANGUAGE) => String::new(),
            Some(tag) => tag.to_ascii_lowercase(),
            None => LANGUAGE.to_owned(),
        });
        Some(Column::Field { field, language })
    }

    /// What stands above a column.
    pub fn heading(&self, column: &Column, language: &str) -> String {
        match column {
            Column::Record | Column::Parent | Column::Other => {
                super::words::heading(column, language).to_owned()
            }
            Column::Field {
                field,
                language: of,
            } => {
                let label = self.name_of(*field, language);
                match of.as_deref() {
                    None => label,
                    Some("") => format!("{label} ({NO_LANGUAGE})"),
                    Some(tag) => format!("{label} ({tag})"),
                }
            }
        }
    }

    /// What a field is called in its sheet: by its path, where its label already means another column.
    fn name_of(&self, field: usize, language: &str) -> String {
        let label = self.fields[field].label(language);
        let letters = folded(&label);
        let is_its_own = super::words::fixed(&letters).is_none()
            && self.index.get(&letters).is_none_or(|known| *known == field);
        if is_its_own {
            label
        } else {
            self.fields[field].key.clone()
        }
    }

    /// The columns of an empty sheet.
    pub fn columns(&self) -> Vec<Column> {
        let mut columns = vec![Column::Record, Column::Parent];
        for (field, one) in self.fields.iter().enumerate() {
            let language = (one.form == Form::Words).then(|| LANGUAGE.to_owned());
            columns.push(Column::Field { field, language });
        }
        columns.push(Column::Other);
        columns
    }

    /// The heading nearest to one that is not known.
    pub fn nearest(&self, heading: &str, language: &str) -> Option<String> {
        let wanted = folded(split_language(heading).0);
        let scored = self.fields.iter().map(|field| {
            let label = field.label(language);
            (strsim::jaro_winkler(&wanted, &folded(&label)), label)
        });
        let best = scored.max_by(|one, other| one.0.total_cmp(&other.0));
        best.filter(|(score, _)| *score > 0.8)
            .map(|(_, label)| label)
    }

    /// The thing that hangs on a field.
    pub fn node_of(&self, field: usize) -> Option<usize> {
        self.nodes.iter().position(|node| node.field == field)
    }

    /// The fields of the record itself, or of something inside it.
    pub fn fields_of(&self, node: Option<usize>) -> impl Iterator<Item = (usize, &Field)> {
        let all = self.fields.iter().enumerate();
        all.filter(move |(_, field)| field.node == node)
    }
}

impl Field {
    /// What it is called, with the things that it belongs to before it.
    pub fn label(&self, language: &str) -> String {
        let steps = self.names.iter().map(|names| {
            let name = in_language(names, language);
            name.unwrap_or_default()
        });
        steps.collect::<Vec<_>>().join(" › ")
    }

    pub fn help(&self, language: &str) -> Option<&str> {
        in_language(&self.help, language)
    }

    /// Whether a term is one of the field's values, as far as it has a list of them.
    pub fn has_member(&self, iri: &str, ontology: &Ontology) -> bool {
        let mut sets = self.wanted.iter().filter(|wanted| wanted.is_value_set());
        sets.any(|wanted| wanted.has_member(iri, ontology))
    }

    /// What the field wants, when it has a list of terms.
    pub fn value_set(&self) -> Option<&Wanted> {
        let mut wanted = self.wanted.iter();
        wanted
            .find(|wanted| wanted.is_value_set())
            .map(|wanted| &**wanted)
    }

    /// The terms that a reader may choose from, at most so many; `None` when there are more.
    pub fn members<'a>(&'a self, ontology: &'a Ontology, max: usize) -> Option<Vec<&'a str>> {
        let wanted = self.value_set()?;
        let mut members: Vec<&str> = wanted.members(ontology).take(max + 1).collect();
        members.sort_unstable();
        members.dedup();
        (members.len() <= max).then_some(members)
    }

    pub fn is_keyword(&self) -> bool {
        self.predicate == dcat::KEYWORD
    }
}

/// What the address of something is called that people describe in words.
fn address_names() -> Vec<Message> {
    let languages = ["en", "de", "fr", "es", "it"];
    let named = languages.map(|language| Message {
        language: Some(language.to_owned()),
        text: super::words::heading(&Column::Record, language).to_owned(),
    });
    named.to_vec()
}

fn form_of(wanted: &[Arc<Wanted>]) -> Form {
    if wanted.iter().any(|wanted| wanted.is_value_set()) {
        return Form::Concept;
    }
    let has = |datatype: crate::rdf::NamedNodeRef<'_>| {
        wanted
            .iter()
            .any(|one| one.datatypes.iter().any(|known| *known == datatype))
    };
    if has(rdf::LANG_STRING) {
        return Form::Words;
    }
    if wanted.iter().any(|one| !one.datatypes.is_empty()) {
        let plain = has(vocabulary::xsd::STRING);
        return if plain { Form::Text } else { Form::Value };
    }
    let of_address = |one: &Arc<Wanted>| {
        let pattern = |pattern: &regex::Regex| pattern.as_str().contains("://");
        one.is_iri() || one.node_kinds.is_empty() && one.patterns.iter().any(pattern)
    };
    if wanted.iter().any(of_address) {
        return Form::Address;
    }
    let literal = |one: &Arc<Wanted>| one.node_kinds.iter().any(|kind| *kind == sh::LITERAL);
    if wanted.iter().any(literal) {
        return Form::Text;
    }
    Form::Words
}

/// Letters and digits in lower case: how headings are compared.
pub(super) fn folded(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// `Title (en)` and `dct:title@en` in name and language.
fn split_language(heading: &str) -> (&str, Option<&str>) {
    let is_tag = |tag: &str| {
        let short = tag.len() >= 2 && tag.len() <= 35;
        let letters = tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        let primary = tag.split('-').next().unwrap_or_default();
        let first =
            matches!(primary.len(), 2 | 3) && primary.chars().all(|c| c.is_ascii_lowercase());
        tag == NO_LANGUAGE || short && letters && first
    };
    let inside = heading
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once('('));
    let found = inside.or_else(|| heading.rsplit_once('@'));
    match found {
        Some((name, tag)) if is_tag(tag.trim()) => (name.trim_end(), Some(tag.trim())),
        _ => (heading, None),
    }
}

/// The shapes of a profile, indexed by subject.
struct Reader<'a> {
    about: FxHashMap<&'a NamedOrBlankNode, Vec<&'a Triple>>,
    wanted: FxHashMap<Term, Arc<Wanted>>,
}

/// The property shapes of one property.
struct Group<'a> {
    predicate: NamedNode,
    shapes: Vec<&'a NamedOrBlankNode>,
    order: f64,
    names: Vec<Message>,
    help: Vec<Message>,
    level: Level,
    is_single: bool,
    class: Option<NamedNode>,
    /// Whether its values are things to be described on the spot.
    is_described: bool,
}

impl<'a> Reader<'a> {
    fn new(triples: &'a [Triple]) -> Self {
        let mut about: FxHashMap<_, Vec<&Triple>> = FxHashMap::default();
        for triple in triples {
            about.entry(&triple.subject).or_default().push(triple);
        }
        let wanted = Wanted::of_shapes(triples).into_iter();
        Self {
            about,
            wanted: wanted
                .map(|(shape, wanted)| (shape, Arc::new(wanted)))
                .collect(),
        }
    }

    fn objects(
        &self,
        subject: &NamedOrBlankNode,
        predicate: crate::rdf::NamedNodeRef<'a>,
    ) -> impl Iterator<Item = &'a Term> + use<'a> {
        let statements = self.about.get(subject).cloned().unwrap_or_default();
        let of = statements
            .into_iter()
            .filter(move |triple| triple.predicate == predicate);
        of.map(|triple| &triple.object)
    }

    fn subject_of(&self, term: &'a Term) -> Option<&'a NamedOrBlankNode> {
        let wanted = match term {
            Term::NamedNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::BlankNode(node) => NamedOrBlankNode::from(node.clone()),
            Term::Literal(_) | Term::Triple(_) => return None,
        };
        self.about
            .get_key_value(&wanted)
            .map(|(subject, _)| *subject)
    }

    /// The node shapes that are for a class, in a stable order.
    fn node_shapes(&self, class: &NamedNode) -> Vec<&'a NamedOrBlankNode> {
        let class = Term::from(class.clone());
        let is_for = |subject: &&&NamedOrBlankNode| {
            self.objects(subject, sh::TARGET_CLASS)
                .any(|target| *target == class)
        };
        let mut shapes: Vec<_> = self.about.keys().copied().filter(|s| is_for(&s)).collect();
        shapes.sort_by_key(ToString::to_string);
        shapes
    }

    /// The fields of a shape, in the order of a form.
    fn groups(&self, shape: &NamedOrBlankNode) -> Vec<Group<'a>> {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for property in self.properties(shape) {
            let Some(Term::NamedNode(predicate)) = self.objects(property, sh::PATH).next() else {
                continue;
            };
            // What a record is and what it is part of have columns of their own.
            if *predicate == rdf::TYPE || *predicate == dct::IS_PART_OF {
                continue;
            }
            let known = groups
                .iter_mut()
                .find(|group| group.predicate == *predicate);
            match known {
                Some(group) => self.add(group, property),
                None => {
                    let mut group = Group::new(predicate.clone());
                    self.add(&mut group, property);
                    groups.push(group);
                }
            }
        }
        groups.sort_by(|one, other| {
            let order = one.order.total_cmp(&other.order);
            order.then_with(|| one.predicate.cmp(&other.predicate))
        });
        groups
    }

    fn properties(&self, shape: &NamedOrBlankNode) -> Vec<&'a NamedOrBlankNode> {
        let own = self.objects(shape, sh::PROPERTY);
        let mut found: Vec<_> = own.filter_map(|term| self.subject_of(term)).collect();
        for inner in self
            .objects(shape, sh::NODE)
            .filter_map(|term| self.subject_of(term))
        {
            let more = self.objects(inner, sh::PROPERTY);
            found.extend(more.filter_map(|term| self.subject_of(term)));
        }
        found.sort_by_key(ToString::to_string);
        found.dedup();
        found
    }

    fn add(&self, group: &mut Group<'a>, property: &'a NamedOrBlankNode) {
        let number = |predicate| {
            self.objects(property, predicate)
                .find_map(|term| match term {
                    Term::Literal(literal) => literal.value().parse::<f64>().ok(),
                    _ => None,
                })
        };
        let must = self
            .objects(property, sh::SEVERITY)
            .all(|severity| *severity == Term::from(sh::VIOLATION));
        let at_least = number(sh::MIN_COUNT).is_some_and(|count| count >= 1.0);
        let level = match (at_least, must) {
            (true, true) => Level::Must,
            (true, false) => Level::Should,
            (false, _) => Level::May,
        };
        group.level = group.level.min(level);
        group.is_single |= must && number(sh::MAX_COUNT).is_some_and(|count| count <= 1.0);
        let names = self.messages(property, sh::NAME);
        if group.names.is_empty() && !names.is_empty() {
            group.names = names;
            group.help = self.messages(property, sh::DESCRIPTION);
            group.order = number(sh::ORDER).unwrap_or(f64::INFINITY);
            // Its own rules come before those that only check.
            group.shapes.insert(0, property);
        } else {
            group.shapes.push(property);
        }
        let class = self
            .objects(property, schema::RANGE_INCLUDES)
            .chain(self.objects(property, sh::CLASS))
            .find_map(|term| match term {
                Term::NamedNode(class) => Some(class.clone()),
                _ => None,
            });
        group.class = group.class.take().or(class);
        group.is_described |= self
            .objects(property, dash::EDITOR)
            .any(|editor| *editor == Term::from(dash::BLANK_NODE_EDITOR));
    }

    /// The shapes that say which fields a property's values have.
    fn nested(&self, group: &Group<'a>) -> Vec<&'a NamedOrBlankNode> {
        let has_fields = |shape: &&&NamedOrBlankNode| {
            let mut fields = self.properties(shape).into_iter();
            let named = |field: &NamedOrBlankNode| {
                let path = self.objects(field, sh::PATH).next();
                let simple =
                    matches!(path, Some(Term::NamedNode(path)) if *path != skos::IN_SCHEME);
                simple && self.objects(field, sh::NAME).next().is_some()
            };
            fields.any(named)
        };
        let shapes = group.shapes.iter();
        shapes.filter(|shape| has_fields(shape)).copied().collect()
    }

    fn messages(
        &self,
        subject: &NamedOrBlankNode,
        predicate: crate::rdf::NamedNodeRef<'a>,
    ) -> Vec<Message> {
        let message = |literal: &Literal| Message {
            language: literal.language().map(str::to_ascii_lowercase),
            text: literal.value().to_owned(),
        };
        let literals = self
            .objects(subject, predicate)
            .filter_map(|term| match term {
                Term::Literal(literal) => Some(message(literal)),
                _ => None,
            });
        literals.collect()
    }
}

impl Group<'_> {
    fn new(predicate: NamedNode) -> Self {
        Self {
            predicate,
            shapes: Vec::new(),
            order: f64::INFINITY,
            names: Vec::new(),
            help: Vec::new(),
            level: Level::May,
            is_single: false,
            class: None,
            is_described: false,
        }
    }
}
