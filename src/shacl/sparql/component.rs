//! SPARQL-based constraint components (SHACL §6): new kinds of constraints, declared in shapes.

use std::sync::Arc;

use super::constraint::{at_path, bindings, report};
use super::query::{Form, Template};
use crate::rdf::vocabulary::sh;
use crate::rdf::{NamedNode, NamedNodeRef, Term, TermRef};
use crate::shacl::compile::Reader;
use crate::shacl::constraint::{Facts, Found, Kind, Parameter, parameter};
use crate::shacl::error::ValidationError;
use crate::shacl::graph::Node;
use crate::shacl::message::{Message, fill, in_language, short};
use crate::shacl::report::local_name;
use crate::shacl::validate::{Check, Sink};

/// Names that parameters may not take (SHACL §6.2.1).
const RESERVED: [&str; 6] = [
    "this",
    "shapesGraph",
    "currentShape",
    "path",
    "PATH",
    "value",
];

/// A declared constraint component.
#[derive(Debug)]
pub(in crate::shacl) struct Component {
    iri: NamedNode,
    parameters: Vec<ParameterDeclaration>,
    /// For node shapes, for property shapes, for both.
    node_validator: Option<Arc<Validator>>,
    property_validator: Option<Arc<Validator>>,
    validator: Option<Arc<Validator>>,
    label_templates: Vec<Message>,
}

#[derive(Debug)]
struct ParameterDeclaration {
    predicate: NamedNode,
    name: String,
    is_optional: bool,
}

#[derive(Debug)]
struct Validator {
    form: Form,
    template: Template,
    messages: Vec<Message>,
}

impl Component {
    /// Reads a declaration; those without a SPARQL validator are for other engines.
    pub(in crate::shacl) fn read(reader: &mut Reader<'_>, node: Node) -> Option<Self> {
        let TermRef::NamedNode(iri) = reader.term(node) else {
            return None;
        };
        let is_ours = iri.as_str().starts_with(sh::NAMESPACE);
        let validators = [sh::NODE_VALIDATOR, sh::PROPERTY_VALIDATOR, sh::VALIDATOR];
        let has_sparql = |reader: &Reader<'_>, validator| {
            reader.has(validator, sh::ASK) || reader.has(validator, sh::SELECT)
        };
        let usable = validators
            .iter()
            .flat_map(|property| reader.all(node, *property))
            .any(|validator| has_sparql(reader, validator));
        if is_ours || !usable {
            return None;
        }
        let parameters = read_parameters(reader, node);
        if parameters.iter().all(|parameter| parameter.is_optional) {
            reader.problem(
                node,
                "a constraint component needs a parameter that is not optional",
            );
        }
        let mut names: Vec<&str> = vec!["this"];
        names.extend(parameters.iter().map(|parameter| parameter.name.as_str()));
        let [node_validator, property_validator, validator] =
            validators.map(|property| read_validator(reader, node, property, &names).map(Arc::new));
        Some(Self {
            iri: iri.into_owned(),
            node_validator,
            property_validator,
            validator,
            label_templates: reader.messages(node, sh::LABEL_TEMPLATE),
            parameters,
        })
    }

    fn validator(&self, is_property: bool) -> Option<&Arc<Validator>> {
        let special = if is_property {
            &self.property_validator
        } else {
            &self.node_validator
        };
        special.as_ref().or(self.validator.as_ref())
    }
}

fn read_parameters(reader: &mut Reader<'_>, component: Node) -> Vec<ParameterDeclaration> {
    let mut parameters = Vec::new();
    for node in reader.all(component, sh::PARAMETER) {
        let Some(predicate) = reader.iri(node, sh::PATH) else {
            reader.problem(component, "sh:parameter needs one sh:path, an IRI");
            continue;
        };
        let name = local_name(&predicate).to_owned();
        let is_name = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !is_name || RESERVED.contains(&name.as_str()) {
            reader.problem(component, &format!("a parameter cannot be called {name}"));
        }
        let is_optional = reader.boolean(node, sh::OPTIONAL) == Some(true);
        parameters.push(ParameterDeclaration {
            predicate,
            name,
            is_optional,
        });
    }
    parameters
}

fn read_validator(
    reader: &mut Reader<'_>,
    component: Node,
    property: NamedNodeRef<'_>,
    names: &[&str],
) -> Option<Validator> {
    for node in reader.all(component, property) {
        let (form, predicate) = if reader.has(node, sh::ASK) {
            (Form::Ask, sh::ASK)
        } else {
            (Form::Select, sh::SELECT)
        };
        let Some(text) = reader.text(node, predicate) else {
            continue;
        };
        let mut names = names.to_vec();
        if form == Form::Ask {
            names.push("value");
        }
        if property == sh::VALIDATOR && form == Form::Select {
            reader.problem(component, "sh:validator needs an ASK query");
        }
        match Template::read(reader, node, &text, form, &names) {
            Ok(template) => {
                let messages = reader.messages(node, sh::MESSAGE);
                return Some(Validator {
                    form,
                    template,
                    messages,
                });
            }
            Err(message) => {
                let message = format!("its SPARQL query cannot be used: {message}");
                reader.problem(component, &message);
            }
        }
    }
    None
}

/// A component at work in a shape.
#[derive(Debug)]
pub(in crate::shacl) struct ComponentUse {
    component: Arc<Component>,
    validator: Arc<Validator>,
    /// The validator's query, with the path of the shape.
    template: Template,
    values: Vec<(String, Term)>,
}

/// Finds the components whose parameters a shape has (SHACL §6.2).
pub(in crate::shacl) fn read(reader: &mut Reader<'_>, found: &mut Found) {
    for component in reader.components.clone() {
        let has = |parameter: &ParameterDeclaration| {
            parameter.is_optional || reader.has(found.shape, parameter.predicate.as_ref())
        };
        if !component.parameters.iter().all(has) {
            continue;
        }
        let Some(validator) = component.validator(found.is_property) else {
            let message = format!("{} has no validator for this kind of shape", component.iri);
            reader.warning(found.shape, message);
            continue;
        };
        for values in read_values(reader, found.shape, &component) {
            let parameters: Vec<Parameter> = values
                .iter()
                .flat_map(|(p, value)| parameter(p.predicate.as_ref(), value))
                .collect();
            let constraint = ComponentUse {
                template: at_path(reader, found.shape, validator.template.clone()),
                values: values
                    .into_iter()
                    .map(|(p, value)| (p.name.clone(), value))
                    .collect(),
                component: Arc::clone(&component),
                validator: Arc::clone(validator),
            };
            found.add(Kind::Component(Box::new(constraint)), parameters);
        }
    }
}

/// One set of values for each constraint: a component with a single parameter may be used several
/// times in a shape.
fn read_values<'c>(
    reader: &mut Reader<'_>,
    shape: Node,
    component: &'c Component,
) -> Vec<Vec<(&'c ParameterDeclaration, Term)>> {
    if let [only] = &component.parameters[..] {
        let values = reader.all(shape, only.predicate.as_ref()).into_iter();
        return values
            .map(|value| vec![(only, reader.term(value).into_owned())])
            .collect();
    }
    let mut row = Vec::new();
    for parameter in &component.parameters {
        if let Some(value) = reader.single(shape, parameter.predicate.as_ref()) {
            row.push((parameter, reader.term(value).into_owned()));
        }
    }
    vec![row]
}

impl ComponentUse {
    pub(in crate::shacl) fn check(
        &self,
        check: &Check<'_, '_>,
        sink: &mut Sink,
    ) -> Result<(), ValidationError> {
        let name: Term = self.component.iri.clone().into();
        let failed = |failed: super::query::Failed| failed.at(&check.shape.node, &name);
        let mut bindings = bindings(check);
        for (name, value) in &self.values {
            bindings.add(name, value.clone(), check.run.terms.intern(value.clone()));
        }
        if self.validator.form == Form::Select {
            let solutions = self.template.select(check.run, &bindings).map_err(failed)?;
            let messages = &self.validator.messages;
            return report(check, sink, &solutions, &bindings, messages, &name);
        }
        for value in check.values {
            let mut bindings = bindings.clone();
            bindings.add("value", check.run.terms.owned(*value), *value);
            if !self.template.ask(check.run, &bindings).map_err(failed)? {
                check.fail(sink, Some(*value))?;
            }
        }
        Ok(())
    }

    pub(in crate::shacl) fn component(&self) -> NamedNodeRef<'_> {
        self.component.iri.as_ref()
    }

    pub(in crate::shacl) fn messages(&self) -> &[Message] {
        &self.validator.messages
    }

    pub(in crate::shacl) fn words(&self, facts: &Facts<'_>) -> String {
        let value_of = |name: &str| {
            let found = self.values.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        };
        match in_language(&self.component.label_templates, "en") {
            Some(template) => format!("{}: {}", facts.value(), fill(template, &value_of)),
            None => format!(
                "{} breaks the rule {}",
                facts.value(),
                short(self.component())
            ),
        }
    }
}
