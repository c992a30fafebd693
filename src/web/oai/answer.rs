//! What is the answer to each verb (OAI-PMH §4)?

use std::time::Duration;

use actix_web::web;
use jiff::{SignedDuration, Timestamp};

use super::envelope::Envelope;
use super::form::Form;
use super::granularity::{SECONDS, written};
use super::identifier::Names;
use super::request::{Asked, Code, Refusal, Wish};
use super::token::{self, Position};
use crate::catalogue::projection::blocking;
use crate::catalogue::{CatalogueError, View};
use crate::crosswalk::xml::push_element;
use crate::ledger::Harvest;
use crate::web::error::WebError;
use crate::web::server::Door;

/// Where the protocol speaks.
pub const PATH: &str = "/oai";
/// Sets in one answer.
const SETS_MAX: usize = 500;
/// How long a request waits until the sets are known.
const SETS_WAIT: Duration = Duration::from_secs(3);
/// When it should come again.
const SETS_SECONDS: u32 = 15;
/// A change is on disk no later than so long after its time. The answer says that it was written so long ago: whoever
/// goes on from there misses nothing.
const SETTLED: SignedDuration = SignedDuration::from_secs(2);

/// One request that is being answered.
pub struct Answering<'a> {
    pub door: &'a web::Data<Door>,
    pub view: View,
    pub names: Names,
    pub key: [u8; 32],
    at: Timestamp,
    address: String,
}

impl<'a> Answering<'a> {
    pub fn new(door: &'a web::Data<Door>, key: [u8; 32]) -> Self {
        let now = door.catalogue.clock().now();
        Self {
            door,
            // Whoever asks sees what everybody sees.
            view: door.catalogue.public(),
            names: Names::new(door.base()),
            key,
            at: now.checked_sub(SETTLED).unwrap_or(now),
            address: door.base().iri(PATH).into_string(),
        }
    }

    pub async fn answer(&self, asked: Asked) -> Result<String, WebError> {
        let envelope = Envelope {
            at: self.at,
            address: &self.address,
            arguments: &asked.arguments,
        };
        let wish = match asked.wish() {
            Ok(wish) => wish,
            Err(refusals) => return Ok(envelope.refusals(&refusals)),
        };
        let verb = match &wish {
            Wish::Identify => "Identify",
            Wish::ListMetadataFormats(_) => "ListMetadataFormats",
            Wish::ListSets(_) => "ListSets",
            Wish::List(verb, _) | Wish::GoOn(verb, _) => verb.name(),
            Wish::GetRecord(..) => "GetRecord",
        };
        let body = match wish {
            Wish::Identify => self.identify().await?,
            Wish::ListMetadataFormats(identifier) => self.formats(identifier).await?,
            Wish::ListSets(token) => self.sets(token).await?,
            Wish::List(verb, selection) => match self.begin(verb, selection).await? {
                Ok(position) => self.list(position).await?.map(|(body, _)| body),
                Err(refusal) => Err(refusal),
            },
            Wish::GoOn(verb, token) => match Position::read(&token, verb, &self.key) {
                Some(position) => self.go_on(position).await?.map(|(body, _)| body),
                None => Err(bad_token()),
            },
            Wish::GetRecord(identifier, form) => self.record(&identifier, form).await?,
        };
        Ok(match body {
            Ok(body) => envelope.around(verb, &body),
            Err(refusal) => envelope.refusals(&[refusal]),
        })
    }

    async fn identify(&self) -> Result<Result<String, Refusal>, WebError> {
        let ledger = self.door.catalogue.ledger();
        let first = ledger.first_public_time().await;
        let first = first.map_err(CatalogueError::from)?.unwrap_or(self.at);
        let mut body = String::new();
        let name = self.door.settings.name.as_str();
        let first = written(first);
        let contact = contact(&self.door.settings.contact, self.names.host());
        let lines = [
            ("repositoryName", name),
            ("baseURL", self.address.as_str()),
            ("protocolVersion", "2.0"),
            ("adminEmail", contact.as_str()),
            ("earliestDatestamp", first.as_str()),
            ("deletedRecord", "persistent"),
            ("granularity", SECONDS),
            ("compression", "gzip"),
            ("compression", "br"),
        ];
        for (name, value) in lines {
            push_element(&mut body, name, &[], value);
        }
        if self.names.is_domain() {
            self.push_scheme(&mut body);
        }
        Ok(Ok(body))
    }

    /// How the names of records are made (`oai-identifier`).
    fn push_scheme(&self, body: &mut String) {
        body.push_str(
            "<description><oai-identifier xmlns=\"http://www.openarchives.org/OAI/2.0/oai-identifier\" \
             xsi:schemaLocation=\"http://www.openarchives.org/OAI/2.0/oai-identifier \
             http://www.openarchives.org/OAI/2.0/oai-identifier.xsd\">",
        );
        push_element(body, "scheme", &[], "oai");
        push_element(body, "repositoryIdentifier", &[], self.names.host());
        push_element(body, "delimiter", &[], ":");
        let sample = self.names.of_path("/dataset/sample");
        push_element(body, "sampleIdentifier", &[], &sample);
        body.push_str("</oai-identifier></description>");
    }

    /// Every record can be had in every form.
    async fn formats(&self, name: Option<String>) -> Result<Result<String, Refusal>, WebError> {
        if let Some(name) = name
            && self.found(&name).await?.is_none()
        {
            return Ok(Err(unknown(&name)));
        }
        let mut body = String::new();
        for form in Form::ALL {
            body.push_str("<metadataFormat>");
            push_element(&mut body, "metadataPrefix", &[], form.prefix());
            push_element(&mut body, "schema", &[], form.schema());
            push_element(&mut body, "metadataNamespace", &[], form.namespace());
            body.push_str("</metadataFormat>");
        }
        Ok(Ok(body))
    }

    async fn sets(&self, token: Option<String>) -> Result<Result<String, Refusal>, WebError> {
        let is_first = token.is_none();
        let after = match token {
            Some(token) => match token::read_after_set(&token, &self.key) {
                Some(after) => after,
                None => return Ok(Err(bad_token())),
            },
            None => String::new(),
        };
        let ledger = self.door.catalogue.ledger();
        let last = ledger.last_public_sequence().await;
        self.know_sets(last.map_err(CatalogueError::from)?).await?;
        let names = ledger.sets(&after, SETS_MAX + 1).await;
        let mut names = names.map_err(CatalogueError::from)?;
        if names.is_empty() {
            let text = "there are no sets yet";
            return Ok(Err(Refusal::new(Code::NoSetHierarchy, text)));
        }
        let is_last = names.len() <= SETS_MAX;
        names.truncate(SETS_MAX);
        let mut body = String::new();
        for name in &names {
            body.push_str("<set>");
            push_element(&mut body, "setSpec", &[], name);
            push_element(&mut body, "setName", &[], &self.set_name(name).await?);
            body.push_str("</set>");
        }
        if let Some(end) = names.last().filter(|_| !is_last) {
            let next = token::after_set(end, &self.key);
            push_element(&mut body, "resumptionToken", &[], &next);
        } else if !is_first {
            push_element(&mut body, "resumptionToken", &[], "");
        }
        Ok(Ok(body))
    }

    async fn set_name(&self, set: &str) -> Result<String, WebError> {
        const GROUPS: [(&str, &str); 6] = [
            ("catalog", "In the catalogue"),
            ("source", "From"),
            ("type", "Of the kind"),
            ("theme", "On the theme"),
            ("access", "With the access right"),
            ("profile", "In the profile"),
        ];
        let Some((group, name)) = set.split_once(':') else {
            return Ok("Data for OpenAIRE".to_owned());
        };
        let title = self.view.set_title(group, name).await?;
        let known = GROUPS.iter().find(|(known, _)| *known == group);
        Ok(known.map_or_else(|| title.clone(), |(_, words)| format!("{words}: {title}")))
    }

    /// Waits until the sets of everything up to a change are known. When that takes long, the client comes again.
    pub async fn know_sets(&self, up_to: u64) -> Result<(), WebError> {
        if self.door.catalogue.sets_reached().await? >= up_to {
            return Ok(());
        }
        let catalogue = self.door.catalogue.clone();
        let finding = tokio::spawn(async move { catalogue.catch_up_sets().await });
        match tokio::time::timeout(SETS_WAIT, finding).await {
            Ok(Ok(found)) => Ok(found?),
            Ok(Err(error)) => Err(CatalogueError::Interrupted(error.to_string()).into()),
            // It goes on by itself.
            Err(_) => Err(WebError::Busy(SETS_SECONDS)),
        }
    }

    /// How the record of a name stands now; `None` when nobody ever saw one.
    async fn found(&self, name: &str) -> Result<Option<u64>, WebError> {
        let Some(path) = self.names.path(name) else {
            return Ok(None);
        };
        let change = self.view.last_public_change(&path).await?;
        Ok(change.map(|change| change.sequence))
    }

    async fn record(&self, name: &str, form: Form) -> Result<Result<String, Refusal>, WebError> {
        let Some(sequence) = self.found(name).await? else {
            return Ok(Err(unknown(name)));
        };
        let wanted = Harvest {
            after: sequence.saturating_sub(1),
            through: sequence,
            up_to: sequence,
            ..Harvest::default()
        };
        let standing = self.view.harvest(&wanted, 1).await?;
        let Some(standing) = standing.into_iter().next() else {
            return Ok(Err(unknown(name)));
        };
        let pen = self.pen(Some(form), None);
        let body = blocking(move || {
            let mut body = String::new();
            pen.push(&mut body, &standing)?;
            Ok::<_, CatalogueError>(body)
        });
        Ok(Ok(body.await?))
    }
}

fn bad_token() -> Refusal {
    let text = "this is no token of a list of this server";
    Refusal::new(Code::BadResumptionToken, text)
}

fn unknown(name: &str) -> Refusal {
    let name: String = name.chars().take(200).collect();
    Refusal::new(Code::IdDoesNotExist, format!("there is no record {name}"))
}

/// The address of whoever runs this server; the schema wants one in every case.
fn contact(given: &str, host: &str) -> String {
    let is_address = given.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !given.contains(char::is_whitespace)
    });
    match (is_address, host.contains('.')) {
        (true, _) => given.to_owned(),
        (false, true) => format!("postmaster@{host}"),
        (false, false) => format!("postmaster@{host}.invalid"),
    }
}
