//! How do shapes become a form? By their groups, orders, names and demands, as SHACL §2.3.2 and DASH mean them.

use rustc_hash::FxHashMap;

use super::model::{Field, Form, Group, Input, NODE_DEPTH_MAX, Nested};
use crate::catalogue::advice::Wanted;
use crate::catalogue::quality::Level;
use crate::ontology::Ontology;
use crate::rdf::vocabulary::{dash, dcat, rdf, rdfs, schema, sh, short, skos, xsd};
use crate::rdf::{Literal, NamedNode, NamedNodeRef, Term, TermRef, Triple};
use crate::shacl::Message;

/// A value set of at most so many members is a list to choose from.
const CHOICES_MAX: usize = 60;
/// How far lists and shapes inside of shapes are followed.
const STEPS_MAX: usize = 2_000;

struct Shapes<'a> {
    about: FxHashMap<TermRef<'a>, Vec<&'a Triple>>,
    wanted: &'a FxHashMap<Term, Wanted>,
    ontology: &'a Ontology,
    triples: &'a [Triple],
}

/// Where in the form we are.
#[derive(Clone)]
struct Reach {
    depth: usize,
    /// The classes whose shapes we are inside of: a dataset is not described inside of itself.
    classes: Vec<NamedNode>,
}

/// A field with its place in the form.
struct Ordered {
    order: f64,
    group: Option<Term>,
    field: Field,
}

/// The form for the things of a class, when the shapes speak of it.
pub fn form(
    triples: &[Triple],
    wanted: &FxHashMap<Term, Wanted>,
    ontology: &Ontology,
    class: &NamedNode,
) -> Option<Form> {
    let mut about: FxHashMap<TermRef<'_>, Vec<&Triple>> = FxHashMap::default();
    for triple in triples {
        let subject = TermRef::from(triple.subject.as_ref());
        about.entry(subject).or_default().push(triple);
    }
    let shapes = Shapes {
        about,
        wanted,
        ontology,
        triples,
    };
    let reach = Reach {
        depth: 0,
        classes: vec![class.clone()],
    };
    let fields = shapes.fields_of_class(class, &reach);
    let groups = shapes.groups(fields);
    (!groups.is_empty()).then(|| Form {
        class: class.clone(),
        groups,
    })
}

impl<'a> Shapes<'a> {
    fn objects(
        &self,
        subject: TermRef<'a>,
        predicate: NamedNodeRef<'_>,
    ) -> impl Iterator<Item = &'a Term> {
        let all = self.about.get(&subject).map_or(&[][..], Vec::as_slice);
        let of = all
            .iter()
            .filter(move |triple| triple.predicate.as_ref() == predicate);
        of.map(|triple| &triple.object)
            .collect::<Vec<_>>()
            .into_iter()
    }

    fn object(&self, subject: TermRef<'a>, predicate: NamedNodeRef<'_>) -> Option<&'a Term> {
        self.objects(subject, predicate).next()
    }

    fn messages(&self, subject: TermRef<'a>, predicate: NamedNodeRef<'_>) -> Vec<Message> {
        let literal = |term: &Term| match term {
            Term::Literal(literal) => Some(Message {
                language: literal.language().map(str::to_ascii_lowercase),
                text: literal.value().to_owned(),
            }),
            _ => None,
        };
        self.objects(subject, predicate)
            .filter_map(literal)
            .collect()
    }

    fn number(&self, subject: TermRef<'a>, predicate: NamedNodeRef<'_>) -> Option<f64> {
        match self.object(subject, predicate)? {
            Term::Literal(literal) => literal.value().parse().ok(),
            _ => None,
        }
    }

    fn list(&self, head: &'a Term) -> Vec<&'a Term> {
        let mut items = Vec::new();
        let mut next = Some(head);
        while let Some(node) = next.filter(|_| items.len() < STEPS_MAX) {
            items.extend(self.object(node.as_ref(), rdf::FIRST));
            next = self.object(node.as_ref(), rdf::REST);
        }
        items
    }

    fn has_shape_for(&self, class: &NamedNode) -> bool {
        !self.shapes_for(class).is_empty()
    }

    fn shapes_for(&self, class: &NamedNode) -> Vec<TermRef<'a>> {
        let targets = self.triples.iter().filter(|triple| {
            triple.predicate == sh::TARGET_CLASS && triple.object.as_ref() == class.as_ref().into()
        });
        targets
            .map(|triple| triple.subject.as_ref().into())
            .collect()
    }

    fn fields_of_class(&self, class: &NamedNode, reach: &Reach) -> Vec<Ordered> {
        let mut properties = Vec::new();
        for shape in self.shapes_for(class) {
            self.gather(shape, &mut properties, 0);
        }
        self.fields(&properties, reach)
    }

    /// The property shapes of a shape, those of the shapes that it takes over included.
    fn gather(&self, shape: TermRef<'a>, found: &mut Vec<TermRef<'a>>, depth: usize) {
        if depth > NODE_DEPTH_MAX || found.len() > STEPS_MAX {
            return;
        }
        for property in self.objects(shape, sh::PROPERTY) {
            if !self.is_deactivated(property.as_ref()) && !found.contains(&property.as_ref()) {
                found.push(property.as_ref());
            }
        }
        for node in self.objects(shape, sh::NODE) {
            self.gather(node.as_ref(), found, depth + 1);
        }
        for head in self.objects(shape, sh::AND) {
            for part in self.list(head) {
                self.gather(part.as_ref(), found, depth + 1);
            }
        }
    }

    fn is_deactivated(&self, shape: TermRef<'a>) -> bool {
        let yes = Term::from(Literal::from(true));
        self.objects(shape, sh::DEACTIVATED)
            .any(|term| *term == yes)
    }

    /// One field for each property that has a name, or for each when the shapes name nothing.
    fn fields(&self, properties: &[TermRef<'a>], reach: &Reach) -> Vec<Ordered> {
        let named = |shape: &TermRef<'a>| self.object(*shape, sh::NAME).is_some();
        let any_named = properties.iter().any(named);
        let mut by_path: Vec<(&'a NamedNode, Vec<TermRef<'a>>)> = Vec::new();
        for property in properties {
            let Some(Term::NamedNode(path)) = self.object(*property, sh::PATH) else {
                continue;
            };
            match by_path.iter_mut().find(|(known, _)| *known == path) {
                Some((_, shapes)) => shapes.push(*property),
                None => by_path.push((path, vec![*property])),
            }
        }
        let mut fields = Vec::new();
        for (path, shapes) in by_path {
            let main = match shapes.iter().find(|shape| named(shape)) {
                Some(main) => *main,
                None if any_named || is_structure(path) => continue,
                None => shapes[0],
            };
            fields.push(self.field(path, main, &shapes, reach));
        }
        fields.sort_by(|one, other| one.order.total_cmp(&other.order));
        fields
    }

    fn field(
        &self,
        path: &NamedNode,
        main: TermRef<'a>,
        shapes: &[TermRef<'a>],
        reach: &Reach,
    ) -> Ordered {
        let maxima = shapes
            .iter()
            .filter_map(|shape| self.number(*shape, sh::MAX_COUNT));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a count of values"
        )]
        let max = maxima.map(|max| max as usize).min();
        Ordered {
            order: self.number(main, sh::ORDER).unwrap_or(f64::INFINITY),
            group: self.object(main, sh::GROUP).cloned(),
            field: Field {
                key: short(path.as_str()).unwrap_or_else(|| path.as_str().to_owned()),
                names: self.messages(main, sh::NAME),
                descriptions: self.messages(main, sh::DESCRIPTION),
                level: self.level(shapes),
                max,
                input: self.input(path, main, reach),
                default: self.object(main, sh::DEFAULT_VALUE).cloned(),
                path: path.clone(),
            },
        }
    }

    fn level(&self, shapes: &[TermRef<'a>]) -> Level {
        let wants = |shape: &&TermRef<'a>| {
            let least = [sh::MIN_COUNT, sh::QUALIFIED_MIN_COUNT];
            let found = least.map(|least| self.number(**shape, least).unwrap_or(0.0));
            found.iter().any(|count| *count >= 1.0)
        };
        let must = |shape: &TermRef<'a>| {
            let severity = self.object(*shape, sh::SEVERITY);
            severity.is_none_or(|severity| severity.as_ref() == sh::VIOLATION.into())
        };
        let mut level = Level::Optional;
        for shape in shapes.iter().filter(wants) {
            if must(shape) {
                return Level::Mandatory;
            }
            level = Level::Recommended;
        }
        level
    }

    fn input(&self, path: &NamedNode, main: TermRef<'a>, reach: &Reach) -> Input {
        let editor = match self.object(main, dash::EDITOR) {
            Some(Term::NamedNode(editor)) => Some(editor.as_ref()),
            _ => None,
        };
        if let Some(nested) = self.nested(main, editor, reach) {
            return Input::Node(nested);
        }
        let nothing = Wanted::default();
        let wanted = self.wanted.get(&Term::from(main)).unwrap_or(&nothing);
        if let Some(input) = self.of_a_set(main, wanted, editor) {
            return input;
        }
        let is = |datatype: NamedNodeRef<'_>| wanted.datatypes.iter().any(|one| *one == datatype);
        if is(rdf::LANG_STRING) || is(xsd::STRING) {
            return Input::Text {
                long: editor == Some(dash::TEXT_AREA_EDITOR)
                    || editor == Some(dash::TEXT_AREA_WITH_LANG_EDITOR),
                languages: is(rdf::LANG_STRING),
            };
        }
        if is(xsd::BOOLEAN) {
            return Input::Boolean;
        }
        if is(xsd::DATE) || is(xsd::DATE_TIME) || is(xsd::G_YEAR) {
            return Input::Date;
        }
        if is(xsd::DURATION) {
            return Input::Duration;
        }
        if is(xsd::DECIMAL) || is(xsd::DOUBLE) || is(xsd::FLOAT) {
            return Input::Decimal;
        }
        if xsd::INTEGERS.iter().any(|integer| is(*integer)) {
            let best = [xsd::NON_NEGATIVE_INTEGER, xsd::INTEGER];
            let datatype = best.into_iter().find(|datatype| is(*datatype));
            let datatype = datatype.map(NamedNodeRef::into_owned);
            let datatype = datatype.unwrap_or_else(|| wanted.datatypes[0].clone());
            return if *path == dcat::BYTE_SIZE {
                Input::Bytes(datatype)
            } else {
                Input::Integer(datatype)
            };
        }
        if let Some(datatype) = wanted.datatypes.first() {
            return Input::Typed(datatype.clone());
        }
        let is_text = wanted.node_kinds.iter().any(|kind| *kind == sh::LITERAL);
        let line =
            editor == Some(dash::TEXT_FIELD_EDITOR) || editor == Some(dash::TEXT_AREA_EDITOR);
        if !is_text && (wanted.is_iri() || editor == Some(dash::URI_EDITOR)) {
            return Input::Iri;
        }
        if is_text || line {
            return Input::Text {
                long: editor == Some(dash::TEXT_AREA_EDITOR),
                languages: false,
            };
        }
        let points = self.object(main, sh::CLASS).is_some();
        if points {
            return Input::Iri;
        }
        Input::Text {
            long: false,
            languages: false,
        }
    }

    /// A list to choose from, or a term to look up.
    fn of_a_set(
        &self,
        main: TermRef<'a>,
        wanted: &Wanted,
        editor: Option<NamedNodeRef<'_>>,
    ) -> Option<Input> {
        let listed = self.object(main, sh::IN).map(|head| self.list(head));
        let listed: Vec<Term> = listed.unwrap_or_default().into_iter().cloned().collect();
        if !listed.is_empty() && listed.len() <= CHOICES_MAX {
            return Some(Input::Choice(listed));
        }
        let sets = wanted.sets.clone();
        if sets.is_empty() {
            return (!listed.is_empty()).then_some(Input::Choice(listed));
        }
        let open = editor == Some(dash::URI_EDITOR) || !wanted.patterns.is_empty();
        if !open && listed.is_empty() {
            let members = sets.iter().flat_map(|set| self.ontology.members(set));
            let members: Vec<&str> = members
                .take(CHOICES_MAX + 1)
                .map(|concept| concept.iri.as_str())
                .collect();
            if !members.is_empty() && members.len() <= CHOICES_MAX {
                let term = |iri: &str| Term::from(NamedNode::new_unchecked(iri));
                return Some(Input::Choice(members.into_iter().map(term).collect()));
            }
        }
        Some(Input::Concept { sets })
    }

    /// The fields of a value that is described in place.
    fn nested(
        &self,
        main: TermRef<'a>,
        editor: Option<NamedNodeRef<'_>>,
        reach: &Reach,
    ) -> Option<Nested> {
        if reach.depth + 1 >= NODE_DEPTH_MAX {
            return None;
        }
        let mut reach = Reach {
            depth: reach.depth + 1,
            classes: reach.classes.clone(),
        };
        let class =
            [schema::RANGE_INCLUDES, sh::CLASS]
                .into_iter()
                .find_map(|predicate| match self.object(main, predicate) {
                    Some(Term::NamedNode(class)) => Some(class.clone()),
                    _ => None,
                });
        let in_place = editor == Some(dash::BLANK_NODE_EDITOR)
            || editor == Some(dash::DETAILS_EDITOR)
            || editor.is_none();
        let mut properties = Vec::new();
        self.gather(main, &mut properties, 0);
        let mut fields = self.fields(&properties, &reach);
        if fields.is_empty()
            && in_place
            && let Some(class) = &class
            && !reach.classes.contains(class)
            && self.has_shape_for(class)
        {
            reach.classes.push(class.clone());
            fields = self.fields_of_class(class, &reach);
        }
        if fields.is_empty() && editor == Some(dash::BLANK_NODE_EDITOR) {
            fields.push(Ordered {
                order: 0.0,
                group: None,
                field: label_field(),
            });
        }
        (!fields.is_empty()).then(|| Nested {
            class,
            fields: fields.into_iter().map(|ordered| ordered.field).collect(),
        })
    }

    fn groups(&self, fields: Vec<Ordered>) -> Vec<Group> {
        let mut groups: Vec<(f64, Option<Term>, Group)> = Vec::new();
        for Ordered { group, field, .. } in fields {
            if let Some((_, _, known)) = groups.iter_mut().find(|(_, term, _)| *term == group) {
                known.fields.push(field);
                continue;
            }
            let node = group
                .as_ref()
                .and_then(|group| self.about.get_key_value(&group.as_ref()));
            let node = node.map(|(node, _)| *node);
            let order = node.and_then(|node| self.number(node, sh::ORDER));
            let made = Group {
                id: format!("group-{}", groups.len() + 1),
                labels: node.map_or_else(Vec::new, |node| self.messages(node, rdfs::LABEL)),
                fields: vec![field],
            };
            groups.push((order.unwrap_or(f64::INFINITY), group, made));
        }
        groups.sort_by(|one, other| one.0.total_cmp(&other.0));
        groups.into_iter().map(|(_, _, group)| group).collect()
    }
}

/// Whether a property only says where a term stands in its vocabulary.
fn is_structure(path: &NamedNode) -> bool {
    *path == skos::IN_SCHEME || *path == rdfs::SUB_CLASS_OF || *path == rdf::TYPE
}

/// The one field of a thing that the profile says nothing more about: its words.
fn label_field() -> Field {
    let word = |language: &str, text: &str| Message {
        language: Some(language.to_owned()),
        text: text.to_owned(),
    };
    Field {
        key: "rdfs:label".to_owned(),
        path: rdfs::LABEL.into_owned(),
        names: vec![
            word("en", "In words"),
            word("de", "In Worten"),
            word("fr", "En toutes lettres"),
            word("es", "En palabras"),
            word("it", "A parole"),
        ],
        descriptions: Vec::new(),
        level: Level::Optional,
        max: None,
        input: Input::Text {
            long: true,
            languages: true,
        },
        default: None,
    }
}
